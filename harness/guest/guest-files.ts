/** Adds our files to the root filesystem of every machine, and removes what it does not need. */
import {readdirSync} from 'node:fs';
import {chmod, copyFile, mkdir, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** Our own files for the guest. */
export const guestFolder = path.join(import.meta.dirname, 'files');

/** The script that runs as the first process of the initrd. */
export const initScript = path.join(import.meta.dirname, 'initrd', 'init');

/** Returns the files that every root filesystem depends on: absolute paths, sorted. */
export function guestFiles(): string[] {
	const entries = readdirSync(guestFolder, {withFileTypes: true}).filter(entry => entry.isFile());
	return entries.map(({name}) => path.join(guestFolder, name)).sort();
}

/** Folder of these files in the guest. */
const home = 'usr/lib/swarmlab';

/** Files of `guestFolder` that other programs expect elsewhere. */
const elsewhere: Record<string, string> = {
	inittab: 'etc/inittab',
	'daemon.json': 'etc/docker/daemon.json',
};

/** Files that a machine does not need: a third of the disk. `etc/apt` contains the mirror from which it was built. */
const unneeded = [
	...['doc', 'man', 'info', 'locale', 'perl', 'perl5', 'lintian', 'bash-completion', 'zsh', 'pixmaps', 'bug'].map(
		name => `usr/share/${name}`,
	),
	...['gconv', 'perl', 'e2fsprogs'].map(name => `usr/lib/x86_64-linux-gnu/${name}`),
	'etc/apt',
	'var/lib/apt',
	'var/cache',
	'var/log',
	// Unused programs of older engines, 45 MB.
	'usr/bin/dnet',
	'usr/sbin/ovrouter',
	'usr/bin/containerd-stress',
];

/** Removes the files that neither a machine nor a container needs. */
export async function prune(root: string): Promise<void> {
	await Promise.all(unneeded.map(name => rm(path.join(root, name), {recursive: true, force: true})));
	await Promise.all(['var/cache', 'var/log'].map(name => mkdir(path.join(root, name), {recursive: true})));
}

/**
 * Adds our files and settings to a root filesystem, so that a machine can boot from it.
 * @param options.cgroup version of control groups that the engine supports
 */
export async function furnish(root: string, options: {cgroup: 'v1' | 'v2'}): Promise<void> {
	for (const name of [home, 'dev', 'proc', 'sys', 'run', 'tmp', 'root']) {
		await mkdir(path.join(root, name), {recursive: true});
	}

	for (const entry of await readdir(guestFolder, {withFileTypes: true})) {
		if (!entry.isFile()) {
			continue;
		}

		const target = path.join(root, elsewhere[entry.name] ?? `${home}/${entry.name}`);
		await mkdir(path.dirname(target), {recursive: true});
		await copyFile(path.join(guestFolder, entry.name), target);
	}

	await writeFile(path.join(root, home, 'cgroup'), `${options.cgroup}\n`);
	// The machine has no name server. Its own port 53 refuses a query at once; a query to the outside would wait.
	await rm(path.join(root, 'etc/resolv.conf'), {force: true});
	await writeFile(path.join(root, 'etc/resolv.conf'), 'nameserver 127.0.0.1\n');
	await removeIdentity(root);
	for (const name of ['poweroff', 'reboot', 'halt']) {
		await rm(path.join(root, 'usr/sbin', name), {force: true});
		await symlink('/bin/busybox', path.join(root, 'usr/sbin', name));
		// In suites without a merged /usr scripts look here.
		await symlink('/bin/busybox', path.join(root, 'sbin', name)).catch(() => {});
	}

	await mkdir(path.join(root, 'root/.ssh'), {recursive: true});
	await chmod(path.join(root, 'root/.ssh'), 0o700);
}

/** Removes the keys that packages made during installation. Every machine makes its own at boot. */
async function removeIdentity(root: string): Promise<void> {
	const keys = await readdir(path.join(root, 'etc/ssh')).catch(() => []);
	await Promise.all(
		keys.filter(name => name.startsWith('ssh_host_')).map(name => rm(path.join(root, 'etc/ssh', name))),
	);
	await writeFile(path.join(root, 'etc/machine-id'), '');
}
