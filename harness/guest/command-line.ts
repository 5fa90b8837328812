/**
 * Words of a kernel's command line: those without which a machine of the lab is none, and those that make it quick without
 * changing what is tested. What each could hide stands in docs/nodes.md.
 */

/**
 * It ends instead of starting anew, its cards have the names that its scripts know, it need not wait for randomness, and
 * dockerd does not ask for profiles of a program that is not there.
 */
const requiredKernelArgs = ['panic=-1', 'net.ifnames=0', 'random.trust_cpu=on', 'apparmor=0'];

/**
 * Under emulation: the time of a node is that of QEMU's HPET, which QEMU derives from this host's clock. The kernel measures
 * the time stamp counter against the PIT (arch/x86/kernel/tsc.c), and believes the PIT where the HPET differs ("PIT calibration
 * deviates from HPET: 914300 2596125"): a CPU of QEMU that is kept waiting in that moment makes a clock that runs 2.8 times too
 * fast, in every machine that is restored from that boot. KVM brings a clock of its own.
 */
export const emulatedClock = ['clocksource=hpet'];

/** With any accelerator. */
export const commonKernelArgs = [...requiredKernelArgs, 'audit=0', 'mitigations=off'];

/** The words of a node. A plain one is told that it is, so that its engine is started as on a user's machine. */
export function kernelArgsOf({accelerator, plain}: {accelerator: 'kvm' | 'tcg'; plain?: boolean}): string[] {
	const clock = accelerator === 'tcg' ? emulatedClock : [];
	return plain
		? [...requiredKernelArgs, ...clock, 'swarmlab.plain']
		: [...commonKernelArgs, ...clock, ...(accelerator === 'tcg' ? emulationKernelArgs : [])];
}

/**
 * Only under emulation: each spares work that an emulated CPU does slowly.
 *
 * - `norandmaps` matters most when programs start: QEMU keys translated code by virtual address, so with address
 *   randomisation every exec is translated anew.
 * - `swarmlab.timerslack` matters most while they run: a Go program that is awake asks to be woken every 20 µs
 *   (runtime/proc.go: sysmon), and each such timer costs an emulated CPU far more than the 20 µs. Nanoseconds by which a
 *   program's timers may be late; the initrd gives it to the first process, from which all others have it
 *   (PR_SET_TIMERSLACK(2const)). One tick of a kernel with 250 of them in a second, and far below anything that is
 *   asserted; timers of the kernel's own (IPVS, VXLAN, TCP) do not know of it.
 */
export const emulationKernelArgs = [
	'norandmaps',
	'init_on_alloc=0',
	'tsc=reliable',
	'no_timer_check',
	'nokaslr',
	'randomize_kstack_offset=off',
	'rcupdate.rcu_expedited=1',
	'swarmlab.timerslack=4000000',
];
