import test from 'ava';
import {type LabMachine, type VagrantfileRequest, vagrantfileInput} from './vagrantfile-input.ts';

const machine = (name: string, more: Partial<LabMachine> = {}): LabMachine => ({
	node: {name, memory: 1024, cpus: 1},
	console: `/runs/${name}/console.log`,
	box: 'swarmlab/docker-20.10.24-0123abcd',
	boot: {kernel: '/pool/vmlinuz', initrd: '/pool/initrd', modules: 'modules.ext4'},
	oldCgroups: false,
	...more,
});
const request: VagrantfileRequest = {
	machines: [machine('m1'), machine('w1')],
	prefix: 'sl-abcdef-run-0-1-',
	subnets: {control: '10.98.7', lan: '10.99.7'},
	accelerator: 'tcg',
	publicKey: 'AAAA',
};
const [first] = vagrantfileInput(request).machines;
const words = (libvirt: Record<string, unknown>) => String(libvirt.cmd_line).split(' ');

test('each machine has its name, an address on the LAN that is not the host’s, and a console', t => {
	const {machines, lan} = vagrantfileInput(request);
	t.deepEqual(
		machines.map(({name, address, console}) => ({name, address, console})),
		[
			{name: 'm1', address: '10.99.7.11', console: '/runs/m1/console.log'},
			{name: 'w1', address: '10.99.7.12', console: '/runs/w1/console.log'},
		],
	);
	t.is(lan.libvirt__host_ip, '10.99.7.254');
	t.is(lan.libvirt__network_name, 'sl-abcdef-run-0-1-lan');
});

test('each machine has the box, the kernel and the size of its own node', t => {
	const other = machine('w1', {
		node: {name: 'w1', memory: 2048, cpus: 2},
		box: 'swarmlab/docker-1.12.6-4567cdef',
		boot: {kernel: '/pool/other-vmlinuz', initrd: '/pool/other-initrd', modules: 'other-modules.ext4'},
		oldCgroups: true,
	});
	const [m1, w1] = vagrantfileInput({...request, machines: [machine('m1'), other]}).machines;
	t.like(m1, {box: 'swarmlab/docker-20.10.24-0123abcd', memory: 1024, cpus: 1});
	t.like(m1!.libvirt, {kernel: '/pool/vmlinuz', initrd: '/pool/initrd'});
	t.like(m1!.volumes[0], {path: 'modules.ext4'});
	t.like(w1, {box: 'swarmlab/docker-1.12.6-4567cdef', memory: 2048, cpus: 2});
	t.like(w1!.libvirt, {kernel: '/pool/other-vmlinuz', initrd: '/pool/other-initrd'});
	t.like(w1!.volumes[0], {path: 'other-modules.ext4'});
	t.false(words(m1!.libvirt).some(word => word.includes('cgroup')));
	t.true(words(w1!.libvirt).includes('systemd.unified_cgroup_hierarchy=0'));
});

test('both networks lead nowhere but to this host, and the disk of modules is shared, never made or removed', t => {
	const {libvirt, lan} = vagrantfileInput(request);
	t.is(libvirt.management_network_mode, 'none');
	t.is(lan.libvirt__forward_mode, 'none');
	t.like(first!.volumes[0], {path: 'modules.ext4', device: 'vdb', allow_existing: true, shareable: true});
});

test('the kernel finds the root in a partition and hands over to the distribution’s init', t => {
	const line = words(first!.libvirt);
	t.true(line.includes('swarmlab.root=/dev/vda1'));
	t.true(line.includes('swarmlab.start=/lib/systemd/systemd'));
	t.true(line.includes('norandmaps'));
	t.false(line.includes('quiet'), 'the console shows everything from the first line on');
	t.false(line.some(word => word.includes('cgroup')));
});

test('an engine that knows only the first control groups gets those', t => {
	const [old] = vagrantfileInput({...request, machines: [machine('m1', {oldCgroups: true})]}).machines;
	t.regex(String(old!.libvirt.cmd_line), /systemd\.unified_cgroup_hierarchy=0/);
});

test('with KVM the processor is the host’s, and nothing is done for the sake of emulation', t => {
	const {libvirt, cpu_features, machines} = vagrantfileInput({...request, accelerator: 'kvm'});
	t.like(libvirt, {driver: 'kvm', cpu_mode: 'host-passthrough'});
	t.deepEqual(cpu_features, []);
	t.notRegex(String(machines[0]!.libvirt.cmd_line), /norandmaps/);
});
