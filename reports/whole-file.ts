/** A file written piece by piece that a reader sees as a whole or not at all. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError, remedyOfWriting} from '../harness/errors.ts';
import {temporaryFor} from '../harness/write-atomically.ts';

/** Takes the pieces of a file. */
export interface WholeFile {
	readonly file: string;
	/** Throws HarnessError, as `done` does. */
	write(piece: string): void;
	/** Puts it in its place and returns its size in bytes. */
	done(): number;
	/** Leaves the file as it was before. */
	drop(): void;
}

/** So many characters are written at once: a write for each piece of a hundred thousand takes seconds. */
const atOnce = 1 << 18;

function wholeFile(file: string): WholeFile {
	const temporary = temporaryFor(file);
	const descriptor = orTold(file, () => {
		makeFolder(path.dirname(file));
		return fs.openSync(temporary, 'w');
	});
	let pieces: string[] = [];
	let length = 0;
	let bytes = 0;
	const flush = () =>
		orTold(file, () => {
			const buffer = Buffer.from(pieces.join(''));
			for (let written = 0; written < buffer.length; ) {
				written += fs.writeSync(descriptor, buffer, written);
			}

			bytes += buffer.length;
			pieces = [];
			length = 0;
		});
	return {
		file,
		write(piece) {
			pieces.push(piece);
			length += piece.length;
			if (length >= atOnce) {
				flush();
			}
		},
		done() {
			flush();
			fs.closeSync(descriptor);
			orTold(file, () => fs.renameSync(temporary, file));
			return bytes;
		},
		drop() {
			try {
				fs.closeSync(descriptor);
			} catch {
				// It is closed already.
			}

			fs.rmSync(temporary, {force: true});
		},
	};
}

/** Writes a file whose pieces `make` makes; if it throws, the file is as it was before. Throws HarnessError. */
export function writeWhole<Value>(file: string, make: (whole: WholeFile) => Value): Value {
	const whole = wholeFile(file);
	try {
		return make(whole);
	} catch (error) {
		whole.drop();
		throw error;
	}
}

function orTold<Value>(file: string, action: () => Value): Value {
	try {
		return action();
	} catch (error) {
		throw new HarnessError(`Cannot write the report ${file}: ${(error as Error).message}`, {
			remedy: `${remedyOfWriting(error, path.dirname(file))}, then make the reports again: swarmlab report ${runFolderOf(file)}`,
			cause: error,
		});
	}
}

/** One level only: the run folder is there, or something is wrong that must be told (and Node's recursive mkdir never ends on /proc). */
function makeFolder(folder: string): void {
	if (!fs.existsSync(folder)) {
		fs.mkdirSync(folder);
	}
}

/** Reports lie in the run's folder; those of single cells one folder below. */
function runFolderOf(file: string): string {
	const folder = path.dirname(file);
	return path.basename(folder) === 'junit' ? path.dirname(folder) : folder;
}
