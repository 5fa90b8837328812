/** Reads a machine's serial console: its milestones, its fatal errors, and how long it has been silent. */
import fs from 'node:fs';
import {stripVTControlCharacters} from 'node:util';

/** Returns the progress of the boot: the newest `swarmlab:` milestone, else `kernel is booting`, else `starting`. */
export function milestone(file: string): string {
	const text = readConsole(file);
	const said = [...text.matchAll(/^.*?swarmlab: (.+)$/gm)].at(-1)?.[1];
	return said ?? (text === '' ? 'starting' : 'kernel is booting');
}

/** Returns the guest's own fatal error or kernel panic, if the console shows one. */
export function fatalLine(file: string): string | undefined {
	return /swarmlab: FATAL: (.+)|Kernel panic - not syncing: (.+)/.exec(readConsole(file))?.[0];
}

/** Returns the first `swarmlab:` line about `what` after byte `from` of the console; undefined while there is none. */
export function saidSince(file: string, from: number, what: string): string | undefined {
	const said = readConsole(file, from).matchAll(/^.*?swarmlab: (.+)\n/gm);
	return [...said].map(([, line]) => line!).find(line => line.startsWith(what));
}

/** Returns the seconds since the last output on the console; since `start` (epoch milliseconds) if there is none yet. */
export function silence(file: string, start: number): number {
	const {size, mtimeMs} = fs.statSync(file, {throwIfNoEntry: false}) ?? {size: 0, mtimeMs: start};
	return (Date.now() - (size === 0 ? start : Math.max(mtimeMs, start))) / 1000;
}

/** Returns all that a console shows, without the codes of terminals. */
export function readConsole(file: string, from = 0): string {
	try {
		return stripVTControlCharacters(fs.readFileSync(file).subarray(from).toString()).replaceAll('\r', '');
	} catch {
		return '';
	}
}
