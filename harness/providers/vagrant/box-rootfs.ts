/** The root filesystem of a box: that of an engine, plus the distribution's init, kernel and boot loader, and Vagrant's user. */
import {appendFile, chmod, copyFile, cp, mkdir, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {cgroupOf, type Installation, installEngine, rootfsPackages} from '../../artifacts/engines/rootfs.ts';
import type {Packages} from '../../artifacts/packages/packages.ts';
import {furnish} from '../../guest/guest-files.ts';
import type {Engine} from '../../model/index.ts';
import {packageRoot} from '../../package.ts';
import {makeBootDisk} from './partition.ts';

/** Our files for a box, in addition to those of every machine. Their paths in this folder are their paths in the box. */
export const boxFiles = path.join(import.meta.dirname, 'box-files');

/** Scripts in the box for a person to call. */
export const boxScripts = ['engine.sh', 'kernel.sh'].map(name => path.join(packageRoot, 'vagrant', name));

/** Packages that a user of Vagrant expects in a machine. */
const ordinary = [
	...['systemd', 'systemd-sysv', 'udev', 'dbus', 'sudo', 'apt', 'netbase'],
	...['initramfs-tools', 'grub2-common', 'grub-pc-bin', 'zstd'],
];

/** Package of the kernel that a box boots by itself, until another one is installed. */
const kernels = {debian: 'linux-image-cloud-amd64', ubuntu: 'linux-image-virtual'};

/** Files that a box does not need: a third of the disk. Unlike a machine of the lab, it keeps apt and perl for installations. */
const unneeded = [
	...['doc', 'man', 'info', 'locale', 'lintian', 'zsh', 'pixmaps', 'bug'].map(name => `usr/share/${name}`),
	'usr/lib/x86_64-linux-gnu/gconv',
	'usr/bin/dnet',
	'usr/sbin/ovrouter',
	'usr/bin/containerd-stress',
	'etc/apt/sources.list',
	'etc/apt/sources.list.d',
	'var/lib/apt/lists',
	'var/cache/apt',
];

/**
 * Units that would only cost time on each boot: logins on consoles without a user (one of them would hold the serial console),
 * timers, and the wait until every network card has an address, which the card of the LAN gets only later.
 */
const masked = [
	...[
		...['getty@tty1', 'serial-getty@ttyS0', 'systemd-networkd-wait-online', 'systemd-logind', 'e2scrub_reap'],
		...['systemd-firstboot', 'systemd-journal-flush', 'apparmor', 'nftables', 'ipvsadm'],
	].map(name => `${name}.service`),
	...['apt-daily', 'apt-daily-upgrade', 'dpkg-db-backup', 'e2scrub_all', 'fstrim', 'systemd-tmpfiles-clean'].map(
		name => `${name}.timer`,
	),
];

/** Returns package names as apt takes them. They are part of the box's key. */
export async function boxPackages(engine: Engine, packages: Packages): Promise<string[]> {
	const wanted = [...ordinary, kernels[packages.distribution]];
	const names = await rootfsPackages(engine, packages);
	// A box has all of systemd, so its substitutes must not be installed.
	return [...names.filter(name => !name.startsWith('systemd-standalone')), ...wanted];
}

/** MiB. Size of the disk as the machine sees it. The image is sparse: blocks not written take no space on the host. */
const diskMib = 6144;

/** Makes the disk image. It cannot boot by itself yet: a machine that runs from it installs the boot loader. */
export async function buildBoxRootfs(
	engine: Engine,
	publicKey: string,
	image: string,
	work: Installation,
): Promise<void> {
	const root = await installEngine(engine, work);
	await Promise.all(unneeded.map(name => rm(path.join(root, name), {recursive: true, force: true})));
	await furnish(root, {cgroup: cgroupOf(engine.version)});
	await cp(boxFiles, root, {recursive: true});
	await Promise.all(boxScripts.map(file => copyFile(file, path.join(root, 'usr/lib/swarmlab', path.basename(file)))));
	await chmod(path.join(root, 'etc/sudoers.d/vagrant'), 0o440);
	await useOwnInit(root);
	await addVagrant(root, publicKey);
	work.onProgress('makes the disk');
	await makeBootDisk(root, image, {sizeMib: diskMib, label: 'swarmlab'});
}

/** Links these commands to systemd, because `furnish` has linked them to busybox. Masks units. */
async function useOwnInit(root: string): Promise<void> {
	for (const name of ['poweroff', 'reboot', 'halt']) {
		await rm(path.join(root, 'usr/sbin', name), {force: true});
		await symlink('/bin/systemctl', path.join(root, 'usr/sbin', name));
	}

	const units = path.join(root, 'etc/systemd/system');
	for (const unit of masked) {
		await rm(path.join(units, unit), {force: true});
		await symlink('/dev/null', path.join(units, unit));
	}
}

/** Adds the user for `vagrant ssh`. A machine that runs from the disk sets the owners of the files. */
async function addVagrant(root: string, publicKey: string): Promise<void> {
	const append = async (file: string, line: string) => appendFile(path.join(root, 'etc', file), `${line}\n`);
	await append('passwd', 'vagrant:x:1000:1000:vagrant:/home/vagrant:/bin/bash');
	await append('shadow', 'vagrant:*:19000:0:99999:7:::');
	await append('group', 'vagrant:x:1000:');
	await append('gshadow', 'vagrant:!::');
	const folder = path.join(root, 'home/vagrant/.ssh');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'authorized_keys'), `${publicKey}\n`);
	await chmod(folder, 0o700);
}
