/** What a machine's serial console says: its milestones and its silence. */
import fs from 'node:fs';
import {stripVTControlCharacters} from 'node:util';

/** How the boot stands: the newest `swarmlab:` milestone, else that the kernel started, else nothing. */
export function milestone(file: string): string {
	const text = readConsole(file);
	const said = [...text.matchAll(/^.*?swarmlab: (.+)$/gm)].at(-1)?.[1];
	return said ?? (text === '' ? 'starting' : 'kernel is booting');
}

/** What the guest itself calls hopeless, if it said so. */
export function fatalLine(file: string): string | undefined {
	return /swarmlab: FATAL: (.+)|Kernel panic - not syncing: (.+)/.exec(readConsole(file))?.[0];
}

/** The first `swarmlab:` line about `what` since the console was `from` bytes long; undefined while there is none. */
export function saidSince(file: string, from: number, what: string): string | undefined {
	const said = readConsole(file, from).matchAll(/^.*?swarmlab: (.+)\n/gm);
	return [...said].map(([, line]) => line!).find(line => line.startsWith(what));
}

/** Seconds since the console last said something (since `start`, epoch milliseconds, if it never did). */
export function silence(file: string, start: number): number {
	const {size, mtimeMs} = fs.statSync(file, {throwIfNoEntry: false}) ?? {size: 0, mtimeMs: start};
	return (Date.now() - (size === 0 ? start : Math.max(mtimeMs, start))) / 1000;
}

function readConsole(file: string, from = 0): string {
	try {
		return stripVTControlCharacters(fs.readFileSync(file).subarray(from).toString()).replaceAll('\r', '');
	} catch {
		return '';
	}
}
