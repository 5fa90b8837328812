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

/** Seconds since the console last said something (since `start`, epoch milliseconds, if it never did). */
export function silence(file: string, start: number): number {
	const {size, mtimeMs} = fs.statSync(file, {throwIfNoEntry: false}) ?? {size: 0, mtimeMs: start};
	return (Date.now() - (size === 0 ? start : Math.max(mtimeMs, start))) / 1000;
}

function readConsole(file: string): string {
	try {
		return stripVTControlCharacters(fs.readFileSync(file, 'utf8')).replaceAll('\r', '');
	} catch {
		return '';
	}
}
