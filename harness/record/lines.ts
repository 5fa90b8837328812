/** Files of one JSON value per line that survive the death of their writer. */
import fs from 'node:fs';
import {HarnessError} from '../errors.ts';

export interface Lines {
	values: unknown[];
	/** The number of the line of each value, from 1. */
	numbers: number[];
	/** What could not be read, one sentence each. Every report shows it. */
	problems: string[];
}

/**
 * Appends one value as one line, with one write to a descriptor in append mode: what was written before a `kill -9`
 * is in the file, and several processes may append to the same file.
 * A line that a dead writer (or a full disk) left unfinished is ended first, so that one line is lost and not two.
 * Throws HarnessError.
 */
export function appendLine(file: string, value: unknown): void {
	try {
		const descriptor = fs.openSync(file, 'a+');
		try {
			const line = Buffer.from(`${endsOpen(descriptor) ? '\n' : ''}${JSON.stringify(value)}\n`);
			const written = fs.writeSync(descriptor, line);
			if (written < line.length) {
				// A full disk accepts the part that fits. The second write then throws the reason.
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

/** Reads what `appendLine` wrote. `problems` lists the lines that are not JSON. Throws HarnessError if there is no such file. */
export function readLines(file: string): Lines {
	const problems: string[] = [];
	const read = [...eachLine(file, problems)];
	return {values: read.map(each => each.value), numbers: read.map(each => each.number), problems};
}

/** Reads text as `readLines` reads a file. The first line of the text is number `first` of its file. */
export function parseLines(text: string, first = 1): Lines {
	const problems: string[] = [];
	const read = [...parsed(text.split('\n'), problems, first)];
	return {values: read.map(each => each.value), numbers: read.map(each => each.number), problems};
}

/** One line of a file, parsed. */
export interface Line {
	value: unknown;
	/** From 1. */
	number: number;
}

/** Yields one line after the other, so that a large file is never in memory as a whole. Adds to `problems` as it goes. */
export function* eachLine(file: string, problems: string[]): Generator<Line> {
	yield* parsed(textLines(file), problems);
}

/** Does the same for text. */
export function eachLineOf(text: string, problems: string[]): Generator<Line> {
	return parsed(text.split('\n'), problems);
}

/** The last of `lines` is the text after the last line end. If that is not JSON, it was cut off. */
function* parsed(lines: Iterable<string | undefined>, problems: string[], first = 1): Generator<Line> {
	let number = first - 1;
	let damage: string | undefined;
	for (const line of lines) {
		number++;
		if (damage !== undefined) {
			problems.push(damage);
			damage = undefined;
		}

		if (line === '') {
			continue;
		}

		let value: unknown;
		try {
			value = JSON.parse(line ?? '');
		} catch {
			damage = `Line ${number} is damaged and was left out.`;
			continue;
		}

		yield {value, number};
	}

	if (damage !== undefined) {
		problems.push(`Line ${number} is cut off: its writer was ended while writing it, so what it said is lost.`);
	}
}

const pieceBytes = 1 << 18;

/** Yields the lines of a file; undefined for a line that is too long for a string. */
function* textLines(file: string): Generator<string | undefined> {
	const descriptor = opened(file);
	try {
		const piece = Buffer.allocUnsafe(pieceBytes);
		let rest: Buffer[] = [];
		for (let bytes = read(file, descriptor, piece); bytes > 0; bytes = read(file, descriptor, piece)) {
			let from = 0;
			for (let end = piece.indexOf(10); end >= 0 && end < bytes; end = piece.indexOf(10, from)) {
				const part = piece.subarray(from, end);
				yield asText(rest.length === 0 ? part : Buffer.concat([...rest, part]));
				rest = [];
				from = end + 1;
			}

			// A copy, because the next read overwrites `piece`.
			rest.push(Buffer.from(piece.subarray(from, bytes)));
		}

		yield asText(Buffer.concat(rest));
	} finally {
		fs.closeSync(descriptor);
	}
}

function asText(bytes: Buffer): string | undefined {
	try {
		return bytes.toString();
	} catch {
		return undefined;
	}
}

function opened(file: string): number {
	return orReadError(file, () => fs.openSync(file, 'r'));
}

function read(file: string, descriptor: number, into: Buffer): number {
	return orReadError(file, () => fs.readSync(descriptor, into, 0, into.length, null));
}

function orReadError<Value>(file: string, action: () => Value): Value {
	try {
		return action();
	} catch (error) {
		throw new HarnessError(`Cannot read ${file}: ${(error as Error).message}`, {cause: error});
	}
}
