/** What a kernel prints about faults of its own. Pure. */

/** A CPU that got no time: on a busy host, that is all that it means. */
const stall = /soft lockup|hard LOCKUP|rcu.*detected stall|hung_task|blocked for more than \d+ seconds/i;

const fault = /\bBUG: |\bOops\b|kernel panic|general protection fault|WARNING: CPU: \d+ PID: /i;

/** When it ends a process, as memory is short. */
export const oom = /Out of memory: Kill|oom-kill:|Memory cgroup out of memory/;

/** Faults that explain a failure: a warning alone is none. */
export const kernelTrouble =
	/\bBUG: |\bOops\b|kernel panic|general protection fault|soft lockup|hard LOCKUP|rcu.*detected stall|hung_task|blocked for more than \d+ seconds/i;

/** Returns the lines of a console that tell of a fault. @param starved stalls mean nothing */
export function kernelTroubles(lines: readonly string[], starved: boolean): string[] {
	return lines
		.filter(line => (stall.test(line) ? !starved : fault.test(line) || oom.test(line)))
		.map(line => line.trim());
}
