/** A real kernel of the host's own mirror boots on emulated hardware with the artifact made of it. */
import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {commonKernelArgs, emulationKernelArgs} from '../../guest/command-line.ts';
import {quoteAll} from '../../machine/index.ts';
import {featuresOf, isSeen, lookAround, lookForSymbols} from '../../swarm/features.ts';
import {openHostPackages} from '../packages/packages.ts';
import {planBusybox, unpackBusybox} from './busybox.ts';
import {makeFilesystem} from './filesystem.ts';
import {buildKernel} from './kernel-artifact.ts';
import {resolveKernel} from './kernel-spec.ts';
import {listKernels} from './kernels.ts';

/** Modules without which there is no swarm. */
const modules = ['vxlan', 'ip_vs', 'ip_vs_rr', 'overlay', 'virtio_net', 'xt_ipvs', 'br_netfilter', 'veth'];

const features = featuresOf('28.5.2', '(nf_tables)');

/** First process of a root filesystem that only proves that it was reached, and with which modules. */
const init = `#!/bin/sh
export PATH=/bin
mount -t devtmpfs dev /dev; mount -t proc proc /proc; mount -t sysfs sys /sys
exec >/dev/console 2>&1
echo "release: $(uname -r)"
cat /proc/modules > /tmp/before
echo "look: $(${quoteAll(['sh', '-c', lookAround(features)])} | tr '\\n' ';')"
echo "symbols: $(${quoteAll(['sh', '-c', lookForSymbols(features)])} | wc -l)"
cat /proc/modules > /tmp/after
cmp /tmp/before /tmp/after && echo "unchanged: $(cut -d ' ' -f 1 /tmp/after | tr '\\n' ' ')"
for module in ${modules.join(' ')}; do modprobe $module && echo "loaded: $module"; done
echo "slack: $(cat /proc/self/timerslack_ns)"
echo "disks: $(grep ^/dev/vd /proc/mounts | tr '\\n' ';')"
poweroff -f
`;

test('a machine finds its root and its modules on the disks, or says what is missing and powers off', async t => {
	t.timeout(28 * 60_000);
	const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-boot-'));
	t.teardown(() => rm(folder, {recursive: true, force: true}));
	const packages = await openHostPackages();
	const kernel = await resolveKernel('6.1', await listKernels(packages));
	const artifact = await buildKernel(kernel, packages, () => {});

	const root = path.join(folder, 'root');
	for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp', 'lib', 'usr/lib/swarmlab']) {
		await mkdir(path.join(root, name), {recursive: true});
	}

	const busybox = await unpackBusybox(await planBusybox(packages), packages, folder);
	await execa('cp', [busybox, path.join(root, 'bin', 'busybox')]);
	for (const applet of [
		...['sh', 'mount', 'uname', 'modprobe', 'poweroff', 'grep', 'tr', 'cat'],
		...['cmp', 'cut', 'head', 'sed', 'wc', 'zcat'],
	]) {
		await symlink('busybox', path.join(root, 'bin', applet));
	}

	await writeFile(path.join(root, 'usr/lib/swarmlab/init'), init, {mode: 0o755});
	const disk = path.join(folder, 'root.ext4');
	await makeFilesystem(root, disk, {label: 'root'});

	const boot = async (...drives: string[]) => {
		const machine = [
			'-M',
			'pc',
			'-accel',
			'tcg',
			'-cpu',
			'qemu64,+ssse3,+sse4.1,+sse4.2',
			'-m',
			'512',
			'-nodefaults',
			'-no-user-config',
			'-no-reboot',
			'-nographic',
			'-serial',
			'stdio',
		];
		const start = [
			'-kernel',
			artifact.vmlinuz,
			'-initrd',
			artifact.initrd,
			'-append',
			`console=ttyS0 quiet ${[...commonKernelArgs, ...emulationKernelArgs].join(' ')}`,
		];
		const {stdout} = await execa(
			'qemu-system-x86_64',
			[...machine, ...start, ...drives.flatMap(drive => ['-drive', `${drive},format=raw,if=virtio`])],
			{timeout: 800_000, stdin: 'ignore'},
		);
		return stdout.replaceAll('\r', '');
	};

	const said = await boot(`file=${disk},snapshot=on`, `file=${artifact.modulesImage},readonly=on`);
	t.true(said.includes(`release: ${kernel.release}`), said);
	const look = /^look: (.*)$/m.exec(said)?.[1]?.replaceAll(';', '\n') ?? '';
	t.deepEqual(
		features.filter(feature => !isSeen(feature, look)),
		[],
		'this kernel has all that swarm needs',
	);
	const loaded = /^unchanged: (.*)$/m.exec(said)?.[1]?.trim().split(' ');
	t.truthy(loaded, `the look loaded no module: ${said}`);
	t.true(Number(/^symbols: (\d+)$/m.exec(said)?.[1]) >= 1, said);
	t.deepEqual(
		features.map(({module}) => module).filter(module => loaded!.includes(module)),
		[],
		'nothing that swarm needs is loaded before the engine',
	);
	for (const module of modules) {
		t.true(said.includes(`loaded: ${module}`), said);
	}

	t.true(said.includes('slack: 4000000'), 'every process has the timer slack that the first one was given');
	t.regex(said, /disks: \/dev\/vda \/ ext4 rw,.*;\/dev\/vdb \/lib\/modules\/6\.1\S+ ext4 ro,/);

	t.regex(
		await boot(`file=${disk},snapshot=on`),
		/swarmlab: FATAL: the disk with the modules \(\/dev\/vdb\) did not appear; kernel 6\.1\S+ sees: .*vda/,
	);
});
