/** Names of runs. */

/** `2026-11-23T14-05-09-x7`: sorts by time; the end keeps two runs of one second apart. */
export function newRunId(now = new Date()): string {
	const end = Math.random().toString(36).slice(2, 4).padEnd(2, '0');
	return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${end}`;
}
