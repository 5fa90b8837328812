/** Old runs go when there are too many: their consoles and evidence fill a disk in the end. */
import fs from 'node:fs';
import path from 'node:path';

/** Only what a run has made: `2026-11-23T14-05-09-x7`, `hand-2026-…`. */
const isRun = (name: string) => /^(hand-)?\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\w+$/.test(name);

/** The runs beyond the newest `kept`, oldest first; those in use stay. Pure. */
export function oldRuns(names: readonly string[], kept: number, inUse: readonly string[]): string[] {
	const age = (name: string) => name.replace('hand-', '');
	const byAge = names.filter(isRun).sort((a, b) => (age(a) < age(b) ? -1 : 1));
	return byAge.slice(0, Math.max(0, byAge.length - kept)).filter(name => !inUse.includes(name));
}

/** Removes them. Never throws: a run that stays a day longer harms nobody. */
export function removeOldRuns(folder: string, kept: number, inUse: readonly string[]): void {
	try {
		for (const name of oldRuns(fs.readdirSync(folder), kept, inUse)) {
			fs.rmSync(path.join(folder, name), {recursive: true, force: true});
		}
	} catch {
		// The folder is not made yet, or another run is removing the same.
	}
}
