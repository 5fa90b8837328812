/** libvirt for tests: its daemons in a network namespace of their own, so that no network of this host is touched. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {execa} from 'execa';
import {ownPlaces, type Places} from './lab.ts';

const project = path.resolve(import.meta.dirname, '../..');

export interface Libvirt {
	/** Words in front of a command that is to reach the machines. */
	inside: string[];
	/** Ends the daemons and all that they have. */
	stop(): Promise<void>;
}

/** Why tests of Vagrant cannot be run on this host; undefined when they can. */
export function obstacleToVagrant(): string | undefined {
	if (process.getuid?.() !== 0) {
		return 'only root may make the network that it needs';
	}

	if (spawnSync('vagrant', ['--version'], {stdio: 'ignore'}).status !== 0) {
		return 'Vagrant is not installed: swarmlab doctor --provider vagrant --fix';
	}

	return spawnSync('virsh', ['-c', 'qemu:///system', 'version'], {stdio: 'ignore'}).status === 0
		? 'a libvirt runs here already, and these tests bring their own'
		: undefined;
}

/** What was there before the tests, and is none of their business. */
let before: readonly string[] = [];

/** On a host without an obstacle. */
export async function startLibvirt(): Promise<Libvirt> {
	const name = `swarmlab-test-${process.pid}`;
	const inside = ['nsenter', `--net=/run/netns/${name}`];
	await execa('ip', ['netns', 'add', name]);
	await execa('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
	const withoutKvm = hideKvm();
	const daemons: ChildProcess[] = [];
	const end = async () => {
		for (const daemon of daemons.reverse()) {
			daemon.kill('SIGTERM');
		}

		for (
			let tries = 0;
			tries < 600 && daemons.some(({exitCode, signalCode}) => exitCode === null && !signalCode);
			tries++
		) {
			await delay(100);
		}

		await execa('ip', ['netns', 'del', name], {reject: false});
		fs.rmSync(home, {recursive: true, force: true});
	};

	for (const command of ['virtlogd', 'libvirtd']) {
		daemons.push(spawn(inside[0]!, [...inside.slice(1), ...withoutKvm, command], {stdio: 'ignore'}));
		await delay(300);
	}

	for (let tries = 0; (await virsh('version')).exitCode !== 0; tries++) {
		if (tries > 1200) {
			await end();
			throw new Error('libvirtd does not answer');
		}

		await delay(250);
	}

	before = await everything();
	return {inside, stop: async () => removeAll().finally(end)};
}

/** libvirt's own command. */
export async function virsh(...words: string[]) {
	return execa('virsh', ['-q', '-c', 'qemu:///system', ...words], {reject: false, stdin: 'ignore', env: {LC_ALL: 'C'}});
}

/** Names that a listing has. Throws when there is none: no answer is not the same as nothing there. */
export async function listed(...words: string[]): Promise<string[]> {
	const {exitCode, stdout, stderr} = await virsh(...words);
	if (exitCode !== 0) {
		throw new Error(`virsh ${words.join(' ')}: ${stderr}`);
	}

	return stdout
		.split('\n')
		.map(line => line.trim().split(/\s+/)[0]!)
		.filter(Boolean);
}

/** Machines, disks and networks that are none of a cache's: what a test must not leave. */
export async function machinesAndNetworks(): Promise<string[]> {
	const kept = /^swarmlab-|\.whole$|_vagrant_box_image_|^default$/;
	return (await everything()).filter(name => !kept.test(name) && !before.includes(name));
}

async function everything(): Promise<string[]> {
	const [machines, volumes, networks] = await Promise.all([
		listed('list', '--all', '--name'),
		disks(),
		listed('net-list', '--all', '--name'),
	]);
	return [...machines, ...volumes, ...networks];
}

/** The pool comes with the first box. */
async function disks(): Promise<string[]> {
	return (await listed('pool-list', '--name')).includes('default') ? listed('vol-list', 'default') : [];
}

/** All that came with the tests. */
async function removeAll(): Promise<void> {
	const ours = async (names: Promise<string[]>) => (await names).filter(name => !before.includes(name));
	for (const machine of await ours(listed('list', '--all', '--name'))) {
		await virsh('destroy', machine);
		await virsh('undefine', machine, '--nvram', '--managed-save', '--snapshots-metadata');
	}

	for (const volume of await ours(disks())) {
		await virsh('vol-delete', '--pool', 'default', volume);
	}

	for (const network of (await ours(listed('net-list', '--all', '--name'))).filter(each => each !== 'default')) {
		await virsh('net-destroy', network);
		await virsh('net-undefine', network);
	}
}

/** Of all tests of a process: a box is taken in once. */
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'slv-'));

/**
 * Words in front of a daemon that is to find no KVM. Where root may open /dev/kvm and libvirt's own user may not, as on
 * hosts of CI, libvirt never believes what it knows of QEMU, and asks it again some ten times for each machine: minutes.
 */
function hideKvm(): string[] {
	fs.writeFileSync(path.join(home, 'kvm'), '', {mode: 0});
	// In a /dev of its own for each machine libvirt cannot put this one again.
	fs.writeFileSync(path.join(home, 'qemu.conf'), 'namespaces = []\n');
	const mounts =
		'if [ -e /dev/kvm ]; then mount --bind kvm /dev/kvm && mount --bind qemu.conf /etc/libvirt/qemu.conf; fi';
	return ['unshare', '--mount', `--wd=${home}`, 'sh', '-c', `${mounts} && exec "$@"`, 'sh'];
}

/** Places of a test, with a home for Vagrant. */
export function vagrantPlaces(): Places {
	return ownPlaces({VAGRANT_HOME: home});
}

/** `swarmlab …` where the machines can be reached. */
export function swarmlabInside({inside}: Libvirt, args: string[], places: Places, {timeout = 2400} = {}) {
	const words = [...inside.slice(1), process.execPath, path.join(project, 'harness/cli.ts'), ...args];
	return execa(inside[0]!, words, {
		cwd: project,
		env: places.env,
		reject: false,
		all: true,
		stdin: 'ignore',
		timeout: timeout * 1000,
	});
}

/** `vagrant …` by hand, as a person in a clone would. */
export function vagrantInside(
	{inside}: Libvirt,
	args: string[],
	env: Record<string, string>,
	{timeout = 2400}: {timeout?: number} = {},
) {
	return execa(inside[0]!, [...inside.slice(1), 'vagrant', ...args], {
		cwd: project,
		env: {VAGRANT_CHECKPOINT_DISABLE: '1', VAGRANT_DEFAULT_PROVIDER: 'libvirt', ...env},
		reject: false,
		all: true,
		stdin: 'ignore',
		timeout: timeout * 1000,
	});
}
