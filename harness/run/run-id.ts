/** Names of runs. */

/** Returns a new id: `2026-11-23T14-05-09-x7`. It sorts by time; the random end differs for two runs of one second. */
export function newRunId(now = new Date()): string {
	const end = Math.random().toString(36).slice(2, 4).padEnd(2, '0');
	return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${end}`;
}
