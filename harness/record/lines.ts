/** Files of one JSON value per line that survive the death of their writer. */
import fs from 'node:fs';
import {HarnessError} from '../errors.ts';

export interface Lines {
	values: unknown[];
	/** What could not be read, one sentence each: shown in every report, never hidden. */
	problems: string[];
}

/**
 * Appends one value as one line, with one write to a descriptor in append mode: what was written before a `kill -9`
 * is in the file, and several processes may append to the same file.
 * A line that a dead writer (or a full disk) left unfinished is closed first, so that it costs one line and not two.
 * Throws HarnessError.
 */
export function appendLine(file: string, value: unknown): void {
	try {
		const descriptor = fs.openSync(file, 'a+');
		try {
			const line = Buffer.from(`${endsOpen(descriptor) ? '\n' : ''}${JSON.stringify(value)}\n`);
			const written = fs.writeSync(descriptor, line);
			if (written < line.length) {
				// A full disk takes the part that fits; the second write then says why the rest does not.
				fs.writeSync(descriptor, line, written);
			}
		} finally {
			fs.closeSync(descriptor);
		}
	} catch (error) {
		throw new HarnessError(`Cannot append to ${file}: ${(error as Error).message}`, {
			remedy: 'Make room on that disk, or move the runs to another one with SWARMLAB_RUNS.',
			cause: error,
		});
	}
}

function endsOpen(descriptor: number): boolean {
	const {size} = fs.fstatSync(descriptor);
	const last = Buffer.alloc(1);
	return size > 0 && fs.readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}

/** Reads what `appendLine` wrote. A line that is no JSON is left out and told of. Throws HarnessError if there is no such file. */
export function readLines(file: string): Lines {
	let text: string;
	try {
		text = fs.readFileSync(file, 'utf8');
	} catch (error) {
		throw new HarnessError(`Cannot read ${file}: ${(error as Error).message}`, {cause: error});
	}

	return parseLines(text);
}

/** As `readLines`, of text whose first line is number `first` of its file. */
export function parseLines(text: string, first = 1): Lines {
	const lines = text.split('\n');
	const values: unknown[] = [];
	const problems: string[] = [];
	for (const [index, line] of lines.entries()) {
		if (line === '') {
			continue;
		}

		try {
			values.push(JSON.parse(line));
		} catch {
			const torn = index === lines.length - 1;
			problems.push(
				torn
					? `Line ${first + index} is cut off: its writer was ended while writing it, so what it said is lost.`
					: `Line ${first + index} is damaged and was left out.`,
			);
		}
	}

	return {values, problems};
}
