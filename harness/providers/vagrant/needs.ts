/** What this host needs to run machines of Vagrant with libvirt. */
import {globSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {Check} from '../../host/check.ts';
import {type Find, type HostNeeds, versionPatienceMs} from '../../host/needs.ts';
import {vagrantHome} from '../../paths.ts';

export const vagrantNeeds: HostNeeds = {
	provider: 'vagrant',
	tools: [
		{command: 'vagrant', package: 'vagrant', use: 'brings the machines up'},
		{command: 'virsh', package: 'libvirt-clients', use: "libvirt's own command"},
		{command: 'libvirtd', package: 'libvirt-daemon-system', use: 'runs the machines'},
		{command: 'dnsmasq', package: 'dnsmasq-base', use: 'addresses of the machines'},
		{command: 'iptables', package: 'iptables', use: "libvirt's networks"},
		{command: 'dmidecode', package: 'dmidecode', use: 'libvirt asks it about this host'},
	],
	look: async find => checksOfLibvirt(await readLibvirtFacts(find('virsh')), find),
};

/** Folders of the libvirt plugin: that of Debian's package, and those of `vagrant plugin install`. */
const pluginPlaces = [
	'/usr/share/rubygems-integration/all/gems/vagrant-libvirt-*',
	`${vagrantHome}/gems/*/gems/vagrant-libvirt-*`,
];

interface LibvirtFacts {
	/** Folder name of the libvirt plugin; undefined if it is not installed. */
	plugin: string | undefined;
	/** Version of the library; undefined if the daemon does not answer this user. */
	libvirtd: string | undefined;
	/** /dev/kvm exists, but the user of libvirt's QEMU may not open it. */
	kvmIsClosed?: boolean;
}

async function readLibvirtFacts(virsh: string | undefined): Promise<LibvirtFacts> {
	const [plugin] = pluginPlaces.flatMap(place => globSync(place));
	const said =
		virsh && (await execa(virsh, ['-c', 'qemu:///system', 'version'], {reject: false, timeout: versionPatienceMs}));
	const daemon = said && !said.failed ? /Using library: (.*)/.exec(said.stdout)?.[1] : undefined;
	return {plugin: plugin && path.basename(plugin), libvirtd: daemon, kvmIsClosed: await kvmIsClosed()};
}

/** Whether /dev/kvm exists, but the user of libvirt's QEMU on Debian and Ubuntu (libvirt-qemu) may not open it. */
async function kvmIsClosed(): Promise<boolean> {
	const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
	const group = /^libvirt-qemu:[^:]*:\d+:(\d+):/m.exec(passwd)?.[1];
	const device = await stat('/dev/kvm').catch(() => undefined);
	if (!group || !device) {
		return false;
	}

	const openToGroup = device.gid === Number(group) && (device.mode & 0o060) === 0o060;
	return !openToGroup && (device.mode & 0o006) !== 0o006;
}

/** Returns the checks other than programs: Vagrant's plugin, and a daemon that answers this user. */
export function checksOfLibvirt(found: LibvirtFacts, find: Find): Check[] {
	const plugin: Check = {
		name: 'vagrant-libvirt',
		state: found.plugin ? 'ok' : 'missing',
		seen: found.plugin ?? 'not found',
		needed: 'plugin of Vagrant that drives libvirt',
		package: 'vagrant-libvirt',
	};
	// Until libvirt is installed there is no daemon to check.
	if (!find('libvirtd') || !find('virsh')) {
		return [plugin];
	}

	const daemon: Check = {
		name: 'libvirtd answers',
		state: found.libvirtd ? 'ok' : 'missing',
		seen: found.libvirtd ?? 'no answer at qemu:///system',
		needed: 'runs the machines',
		...(found.libvirtd
			? {}
			: {
					remedy:
						'sudo systemctl start libvirtd (without systemd: virtlogd -d && libvirtd -d), and be in its group: sudo adduser $USER libvirt',
				}),
	};
	return [plugin, daemon, ...(found.kvmIsClosed ? [closedKvm] : [])];
}

/**
 * libvirt's daemon runs as root and finds that QEMU can use KVM. If the user of its QEMU may not open /dev/kvm, libvirt
 * considers its stored capabilities invalid at each use (libvirt 9: virQEMUCapsIsValid), and asks QEMU again, for seconds.
 */
const closedKvm: Check = {
	name: 'KVM for libvirt',
	state: 'warning',
	seen: '/dev/kvm is closed to libvirt-qemu',
	needed: 'or libvirt asks QEMU anew at each step: minutes for each machine',
	remedy: 'sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm',
};
