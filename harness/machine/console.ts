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
