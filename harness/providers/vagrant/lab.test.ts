import test from 'ava';
import type {Cell} from '../../model/index.ts';
import {stations} from '../../network/lan.ts';
import {type LabRequest, labOf} from './lab.ts';

const topology = {managers: 1, workers: 1, memory: 1024, cpus: 1};
const request: LabRequest = {
	cell: {id: 'vagrant-k6.1-d20.10-1m1w', provider: 'vagrant', topology} as Cell,
	stations: stations(topology),
	consoles: {m1: '/runs/m1/console.log', w1: '/runs/w1/console.log'},
	prefix: 'sl-abcdef-run-0-1-',
	subnets: {control: '10.98.7', lan: '10.99.7'},
	box: 'swarmlab/docker-20.10.24-0123abcd',
	boot: {kernel: '/pool/vmlinuz', initrd: '/pool/initrd', modules: 'modules.ext4'},
	accelerator: 'tcg',
	publicKey: 'AAAA',
	oldCgroups: false,
};

test('each machine has its name, an address on the LAN that is not the host’s, and a console', t => {
	const {machines, lan} = labOf(request);
	t.deepEqual(machines, [
		{name: 'm1', address: '10.99.7.11', console: '/runs/m1/console.log'},
		{name: 'w1', address: '10.99.7.12', console: '/runs/w1/console.log'},
	]);
	t.is(lan.libvirt__host_ip, '10.99.7.254');
	t.is(lan.libvirt__network_name, 'sl-abcdef-run-0-1-lan');
});

test('both networks lead nowhere but to this host, and the disk of modules is shared, never made or removed', t => {
	const {libvirt, lan, volumes} = labOf(request);
	t.is(libvirt.management_network_mode, 'none');
	t.is(lan.libvirt__forward_mode, 'none');
	t.like(volumes[0], {path: 'modules.ext4', device: 'vdb', allow_existing: true, shareable: true});
});

test('the kernel finds the root in a partition and hands over to the distribution’s init', t => {
	const line = String(labOf(request).libvirt.cmd_line).split(' ');
	t.true(line.includes('swarmlab.root=/dev/vda1'));
	t.true(line.includes('swarmlab.start=/lib/systemd/systemd'));
	t.true(line.includes('norandmaps'));
	t.false(line.includes('quiet'), 'the console tells everything from the first line on');
	t.false(line.some(word => word.includes('cgroup')));
});

test('an engine that knows only the first control groups gets those', t => {
	t.regex(String(labOf({...request, oldCgroups: true}).libvirt.cmd_line), /systemd\.unified_cgroup_hierarchy=0/);
});

test('with KVM the processor is the host’s, and nothing is done for the sake of emulation', t => {
	const {libvirt, cpu_features} = labOf({...request, accelerator: 'kvm'});
	t.like(libvirt, {driver: 'kvm', cpu_mode: 'host-passthrough'});
	t.deepEqual(cpu_features, []);
	t.notRegex(String(libvirt.cmd_line), /norandmaps/);
});
