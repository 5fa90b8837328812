/** Checks whether machines can use KVM, with a row for each obstacle. Pure. */
import type {Check} from './check.ts';
import type {Kvm} from './kvm.ts';

/** Result of an earlier boot. */
interface Proof {
	accelerator: string;
	reason: string;
}

interface Obstacle {
	codes: readonly string[];
	seen: string;
	remedy: (kvm: Kvm) => string;
}

const obstacles: readonly Obstacle[] = [
	{
		codes: ['ENOENT', 'ENOTDIR'],
		seen: 'there is no /dev/kvm',
		remedy: () =>
			'On a machine: switch virtualisation on in its firmware, then sudo modprobe kvm_intel (or kvm_amd). In a virtual machine: allow nested virtualisation. In a container: start it with --device /dev/kvm.',
	},
	{codes: ['EACCES'], seen: 'this user may not open /dev/kvm', remedy: allow},
	{
		codes: ['EPERM'],
		seen: 'this container may not open /dev/kvm',
		remedy: () => 'Start the container with --device /dev/kvm.',
	},
	{
		codes: ['ENODEV', 'ENXIO'],
		seen: '/dev/kvm is there, and nothing is behind it',
		remedy: () =>
			'sudo modprobe kvm_intel (or kvm_amd); if that fails, virtualisation is off in the firmware, or not nested.',
	},
];

/**
 * Returns the check of the accelerator. Without KVM it is a warning with a remedy.
 * @param proof the proof of an earlier run, if there is one
 * @param asked the accelerator that SWARMLAB_ACCELERATOR requests; then the device is not checked
 */
export function acceleratorCheck(kvm: Kvm, proof: Proof | undefined, asked?: string): Check {
	const base = {name: 'accelerator', needed: 'kvm is some ten times faster than tcg'};
	if (asked !== undefined) {
		return {...base, state: 'ok', seen: `${asked}: SWARMLAB_ACCELERATOR asks for it`};
	}

	if (kvm.opened !== 'ok') {
		const {seen, remedy} = obstacles.find(({codes}) => codes.includes(kvm.opened)) ?? {
			seen: '/dev/kvm does not open',
			remedy: () => 'sudo dmesg | grep -i kvm says more.',
		};
		return {...base, state: 'warning', seen: `tcg: ${seen} (${kvm.opened})`, remedy: remedy(kvm)};
	}

	if (proof?.accelerator === 'tcg') {
		return {
			...base,
			state: 'warning',
			seen: `tcg: ${proof.reason}`,
			remedy:
				'/dev/kvm opens, but no kernel boots with it: sudo dmesg | grep -i kvm says more; in a virtual machine, allow nested virtualisation.',
		};
	}

	return {
		...base,
		state: 'ok',
		seen: proof ? `${proof.accelerator}: ${proof.reason}` : 'not proven yet: the first run boots a kernel to find out',
	};
}

/** Returns exactly the commands after which the user may open the device. */
function allow({user, isRoot, group = 'kvm', isOpenToGroup = false, isInGroup = false}: Kvm): string {
	if (isRoot) {
		return 'Start the container with --device /dev/kvm.';
	}

	// Never add a user to the group root. Change the group of the device instead.
	const wanted = group === 'root' ? 'kvm' : group;
	const commands = [
		...(group === 'root' ? [`sudo chgrp ${wanted} /dev/kvm`] : []),
		...(isOpenToGroup ? [] : ['sudo chmod g+rw /dev/kvm']),
		...(isInGroup && group === wanted ? [] : [`sudo adduser ${user} ${wanted}`]),
	];
	return `${commands.join(' && ')}${commands.length > 0 ? ', then ' : ''}log in again`.replace(/^l/, 'L');
}
