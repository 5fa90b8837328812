/** The serial console of a machine, as its provider streams it to a file. */
import fs from 'node:fs';

/** Returns the last lines of a console, without terminal codes; empty without a console. Never throws: errors include it. */
export function consoleTail(file: string, lines = 20): string[] {
	try {
		const descriptor = fs.openSync(file, 'r');
		try {
			const {size} = fs.fstatSync(descriptor);
			const bytes = Buffer.alloc(Math.min(size, lines * 400));
			fs.readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
			return clean(bytes.toString()).slice(-lines);
		} finally {
			fs.closeSync(descriptor);
		}
	} catch {
		return [];
	}
}

/** Returns the size of a console in bytes; 0 without a console. */
export function consoleSize(file: string): number {
	return fs.statSync(file, {throwIfNoEntry: false})?.size ?? 0;
}

/** Returns the lines of a console from a byte on, at most the last so many bytes, without terminal codes. Never throws. */
export function consoleFrom(file: string, start: number, mostBytes = 1 << 20): string[] {
	try {
		const descriptor = fs.openSync(file, 'r');
		try {
			const {size} = fs.fstatSync(descriptor);
			const bytes = Buffer.alloc(Math.max(0, Math.min(size - start, mostBytes)));
			fs.readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
			return clean(bytes.toString());
		} finally {
			fs.closeSync(descriptor);
		}
	} catch {
		return [];
	}
}

function clean(text: string): string[] {
	return (
		text
			// biome-ignore lint/suspicious/noControlCharactersInRegex: consoles are full of them
			.replaceAll(/\u001B\[[0-9;?]*[A-Za-z]|\u001B[()][A-Z0-9]|\r/g, '')
			.split('\n')
			.map(line => line.trimEnd())
			.filter(line => line !== '')
	);
}
