/** Removes old runs when there are too many, as their consoles and evidence would fill the disk. */
import fs from 'node:fs';
import path from 'node:path';

/** Matches only the names that runs give their folders: `2026-11-23T14-05-09-x7`, `hand-2026-…`. */
const isRun = (name: string) => /^(hand-)?\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\w+$/.test(name);

/** Returns the runs beyond the newest `kept`, oldest first, without those in use. Pure. */
export function oldRuns(names: readonly string[], kept: number, inUse: readonly string[]): string[] {
	const age = (name: string) => name.replace('hand-', '');
	const byAge = names.filter(isRun).sort((a, b) => (age(a) < age(b) ? -1 : 1));
	return byAge.slice(0, Math.max(0, byAge.length - kept)).filter(name => !inUse.includes(name));
}

/** Removes old runs. Never throws, as a run that stays for another day does no harm. */
export function removeOldRuns(folder: string, kept: number, inUse: readonly string[]): void {
	try {
		for (const name of oldRuns(fs.readdirSync(folder), kept, inUse)) {
			fs.rmSync(path.join(folder, name), {recursive: true, force: true});
		}
	} catch {
		// The folder does not exist yet, or another run is removing the same runs.
	}
}
