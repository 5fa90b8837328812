/**
 * Words of a kernel's command line: those that every machine of the lab needs, and those that only make it quicker and do not
 * change what is tested. docs/nodes.md says what each could hide.
 */

/**
 * In this order: after a panic the machine ends instead of rebooting; network cards have the names that our scripts expect;
 * the boot does not wait for randomness; dockerd does not load AppArmor profiles, whose program is not installed.
 */
const requiredKernelArgs = ['panic=-1', 'net.ifnames=0', 'random.trust_cpu=on', 'apparmor=0'];

/**
 * Under emulation a node takes its time from QEMU's HPET, which QEMU derives from this host's clock. By default the kernel
 * measures the time stamp counter against the PIT (arch/x86/kernel/tsc.c), and trusts the PIT if the HPET differs ("PIT
 * calibration deviates from HPET: 914300 2596125"). If a CPU of QEMU has to wait during this measurement, the clock runs 2.8
 * times too fast, in every machine that is restored from that boot. KVM has a clock of its own.
 */
export const emulatedClock = ['clocksource=hpet'];

/** With any accelerator. */
export const commonKernelArgs = [...requiredKernelArgs, 'audit=0', 'mitigations=off'];

/** Returns the words of a node. `swarmlab.plain` makes a plain node start its engine as on a user's machine. */
export function kernelArgsOf({accelerator, plain}: {accelerator: 'kvm' | 'tcg'; plain?: boolean}): string[] {
	const clock = accelerator === 'tcg' ? emulatedClock : [];
	return plain
		? [...requiredKernelArgs, ...clock, 'swarmlab.plain']
		: [...commonKernelArgs, ...clock, ...(accelerator === 'tcg' ? emulationKernelArgs : [])];
}

/**
 * Only under emulation: each avoids work that is slow on an emulated CPU.
 *
 * - `norandmaps` matters most when programs start: QEMU keys translated code by virtual address, so with address
 *   randomisation every exec is translated anew.
 * - `swarmlab.timerslack` matters most while programs run: an active Go program sets a timer every 20 µs
 *   (runtime/proc.go: sysmon), and each such timer costs an emulated CPU far more than 20 µs. The value is the nanoseconds
 *   by which a program's timers may be late. The initrd sets it for the first process, and all others inherit it
 *   (PR_SET_TIMERSLACK(2const)). It equals one tick of a kernel with 250 ticks per second, and is far below any time that
 *   a scenario checks. It does not apply to timers of the kernel itself (IPVS, VXLAN, TCP).
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
