/** What this host must have for machines of Vagrant, by libvirt. */
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

/** Folders of the plugin that drives libvirt: Debian's package, and those of `vagrant plugin install`. */
const pluginPlaces = [
	'/usr/share/rubygems-integration/all/gems/vagrant-libvirt-*',
	`${vagrantHome}/gems/*/gems/vagrant-libvirt-*`,
];

interface LibvirtFacts {
	/** Folder's name of the plugin that drives libvirt, where it is installed. */
	plugin: string | undefined;
	/** Version of the library, where the daemon answers this user. */
	libvirtd: string | undefined;
	/** /dev/kvm is there and closed to the user that libvirt runs QEMU as. */
	kvmIsClosed?: boolean;
}

async function readLibvirtFacts(virsh: string | undefined): Promise<LibvirtFacts> {
	const [plugin] = pluginPlaces.flatMap(place => globSync(place));
	const said =
		virsh && (await execa(virsh, ['-c', 'qemu:///system', 'version'], {reject: false, timeout: versionPatienceMs}));
	const daemon = said && !said.failed ? /Using library: (.*)/.exec(said.stdout)?.[1] : undefined;
	return {plugin: plugin && path.basename(plugin), libvirtd: daemon, kvmIsClosed: await kvmIsClosed()};
}

/** Whether /dev/kvm is there and closed to the user that libvirt runs QEMU as on Debian and Ubuntu. */
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

/** What Vagrant needs beyond programs: its plugin, and a daemon that answers this user. */
export function checksOfLibvirt(found: LibvirtFacts, find: Find): Check[] {
	const plugin: Check = {
		name: 'vagrant-libvirt',
		state: found.plugin ? 'ok' : 'missing',
		seen: found.plugin ?? 'not found',
		needed: 'plugin of Vagrant that drives libvirt',
		package: 'vagrant-libvirt',
	};
	// Before it is installed there is nothing to start.
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
 * libvirt's daemon, as root, finds that QEMU can use KVM; that its own user may not open it then makes that knowledge
 * invalid at each look (libvirt 9: virQEMUCapsIsValid), and each look asks QEMU anew, for seconds.
 */
const closedKvm: Check = {
	name: 'KVM for libvirt',
	state: 'warning',
	seen: '/dev/kvm is closed to libvirt-qemu',
	needed: 'or libvirt asks QEMU anew at each step: minutes for each machine',
	remedy: 'sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm',
};
