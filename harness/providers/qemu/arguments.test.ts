import test from 'ava';
import {emulationKernelArgs} from '../../guest/command-line.ts';
import {type NodeSpec, nodesOf} from '../../model/index.ts';
import {stations} from '../../network/lan.ts';
import {type MachineParts, qemuArguments} from './arguments.ts';

const parts: MachineParts = {
	station: stations([
		{name: 'm1', role: 'manager'},
		{name: 'w1', role: 'worker'},
	])[1]!,
	accelerator: 'tcg',
	memoryMib: 1024,
	cpus: 1,
	vmlinuz: '/k/vmlinuz',
	initrd: '/k/initrd',
	modulesImage: '/k/modules.img',
	rootDisk: '/e/root.ext4',
	disk: '/run,1/w1.qcow2',
	console: '/run/w1/console.log',
	runtime: '/tmp/s',
	publicKey: 'AAAA',
};

test('the command line under software emulation', t => {
	t.snapshot(qemuArguments(parts).join('\n'));
});

test('with KVM the guest sees the host CPU and keeps its address randomisation', t => {
	const line = qemuArguments({...parts, accelerator: 'kvm'}).join(' ');
	t.regex(line, /-accel kvm -cpu host/);
	t.notRegex(line, /norandmaps/);
});

test('a plain machine has nothing on its command line that only makes it quick', t => {
	const words = (plain: boolean) => {
		const line = qemuArguments({...parts, plain});
		return line[line.indexOf('-append') + 1]!.split(' ');
	};
	t.deepEqual(
		words(true).filter(word => !word.startsWith('swarmlab.') && !words(false).includes(word)),
		[],
	);
	t.true(words(true).includes('swarmlab.plain'));
	t.false(words(true).some(word => [...emulationKernelArgs, 'mitigations=off', 'audit=0'].includes(word)));
	t.true(emulationKernelArgs.every(word => words(false).includes(word)));
});

test('no guest reaches anything but its LAN and the ssh forward', t => {
	const networks = qemuArguments(parts).filter((_, index, all) => all[index - 1] === '-netdev');
	t.is(networks.length, 2);
	t.regex(networks[0]!, /^user,.*restrict=on/);
	t.regex(networks[0]!, /hostfwd=tcp:127\.0\.0\.1:/);
	t.regex(networks[1]!, /^stream,.*addr\.type=unix/);
});

test('a comma in a file name is doubled, as QEMU wants it', t => {
	t.true(qemuArguments(parts).join(' ').includes('file=/run,,1/w1.qcow2'));
});

test('machines are named by role and addressed in order', t => {
	t.deepEqual(
		stations(nodesOf({managers: 3, workers: 2, memory: 1, cpus: 1}, {} as NodeSpec)).map(
			({name, address, role}) => `${name} ${address} ${role}`,
		),
		[
			'm1 10.99.0.1 manager',
			'm2 10.99.0.2 manager',
			'm3 10.99.0.3 manager',
			'w1 10.99.0.4 worker',
			'w2 10.99.0.5 worker',
		],
	);
});
