/** What this host must be and have: facts in, checks out. Pure. */
import type {Check} from './check.ts';
import type {Facts} from './facts.ts';
import {remedyOf} from './places.ts';
import {type Tool, tools, toolsOfPlainUser, toolsOfVagrant} from './tools.ts';

/** The socket network between machines (`-netdev stream`) came with it. */
const oldestQemu = [7, 2];

/** MiB: one kernel and one engine artifact with their making. */
const diskNeeded = 5 * 1024;

/** MiB: three machines of the usual size, and this host itself. */
const memoryWanted = 4 * 1024;

/** Every check, in the order in which a person would want to know. */
export function checksOf(facts: Facts): Check[] {
	const wanted = [...tools, ...(facts.isRoot ? [] : toolsOfPlainUser), ...(facts.vagrant ? toolsOfVagrant : [])];
	return [
		system(facts),
		distribution(facts),
		...wanted.map(tool => program(tool, facts)),
		...qemuVersion(facts),
		...vagrant(facts),
		...(facts.places ?? []).map(folder),
		amount('free disk', facts.disk.free, diskNeeded, 'missing', {
			place: ` in ${facts.disk.folder}`,
			remedy: 'Make room, or set SWARMLAB_CACHE to a folder on a larger disk.',
		}),
		amount('free memory', facts.memory, memoryWanted, 'warning', {
			place: '',
			remedy: 'Use fewer or smaller machines: --workers 1 --memory 768.',
		}),
	];
}

function system({platform, architecture}: Facts): Check {
	const fits = platform === 'linux' && architecture === 'x64';
	return {
		name: 'system',
		state: fits ? 'ok' : 'missing',
		seen: `${platform} ${architecture}`,
		needed: 'linux x64',
		...(fits ? {} : {remedy: 'Run it on an x86-64 Linux machine.'}),
	};
}

function distribution({release}: Facts): Check {
	const family = [release.ID, ...(release.ID_LIKE ?? '').split(' ')];
	const fits = family.includes('debian') || family.includes('ubuntu');
	return {
		name: 'distribution',
		state: fits ? 'ok' : 'missing',
		seen: release.PRETTY_NAME ?? 'unknown',
		needed: 'Debian or Ubuntu: machines are built from their packages',
		...(fits ? {} : {remedy: 'Run it on Debian or Ubuntu, or in a container of one of them.'}),
	};
}

function program(tool: Tool, facts: Facts): Check {
	const seen = facts.find(tool.command);
	return {
		name: tool.command,
		state: seen ? 'ok' : 'missing',
		seen: seen ?? 'not found',
		needed: tool.use,
		package: tool.package,
	};
}

/** What Vagrant needs beyond programs: its plugin, and a daemon that answers this user. */
function vagrant({vagrant: found, find}: Facts): Check[] {
	if (!found) {
		return [];
	}

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

function qemuVersion({qemu, find}: Facts): Check[] {
	if (!find('qemu-system-x86_64')) {
		// Said already; after installing it, its version is looked at.
		return [];
	}

	const [, major, minor] = /version (\d+)\.(\d+)/.exec(qemu ?? '')?.map(Number) ?? [];
	const [oldMajor, oldMinor] = oldestQemu as [number, number];
	const fits = major !== undefined && (major > oldMajor || (major === oldMajor && minor! >= oldMinor));
	return [
		{
			name: 'QEMU version',
			state: fits ? 'ok' : 'missing',
			seen: qemu ?? 'it does not run',
			needed: `${oldestQemu.join('.')} or newer`,
			...(fits
				? {}
				: {remedy: 'Use a newer release of the distribution (Debian 12, Ubuntu 24.04), or put a newer QEMU on PATH.'}),
		},
	];
}

function folder({trouble, ...place}: NonNullable<Facts['places']>[number]): Check {
	return {
		name: `${place.name} folder`,
		state: trouble === undefined ? 'ok' : 'missing',
		seen: trouble === undefined ? place.folder : `${place.folder} cannot be written: ${trouble}`,
		needed: place.use,
		...(trouble !== undefined && {remedy: remedyOf(place, trouble)}),
	};
}

function amount(
	name: string,
	free: number,
	needed: number,
	otherwise: 'missing' | 'warning',
	{place, remedy}: {place: string; remedy: string},
): Check {
	const enough = free >= needed;
	return {
		name,
		state: enough ? 'ok' : otherwise,
		seen: `${gigabytes(free)}${place}`,
		needed: gigabytes(needed),
		...(enough ? {} : {remedy}),
	};
}

function gigabytes(mebibytes: number): string {
	return `${(mebibytes / 1024).toFixed(1)} GiB`;
}
