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

/** So much is written at once: a write for each piece of a hundred thousand takes seconds. */
const atOnceBytes = 1 << 17;
/** What a character of a string takes at most in UTF-8. */
const characterBytes = 3;

/** Of files that are done: a run of a thousand cells has a thousand files, one after the other. */
const spare: Buffer[] = [];

function wholeFile(file: string): WholeFile {
	const temporary = temporaryFor(file);
	const descriptor = orWriteError(file, () => {
		makeFolder(path.dirname(file));
		return fs.openSync(temporary, 'w');
	});
	// Pieces become bytes at once: kept as strings until they are written, they count as what lasts, and V8 makes room for it.
	const waiting = spare.pop() ?? Buffer.allocUnsafeSlow(atOnceBytes);
	let used = 0;
	let bytes = 0;
	const toDisk = (buffer: Buffer) =>
		orWriteError(file, () => {
			for (let written = 0; written < buffer.length; ) {
				written += fs.writeSync(descriptor, buffer, written);
			}

			bytes += buffer.length;
		});
	const flush = () => {
		toDisk(waiting.subarray(0, used));
		used = 0;
	};

	return {
		file,
		write(piece) {
			const most = characterBytes * piece.length;
			if (used + most > atOnceBytes) {
				flush();
			}

			if (most > atOnceBytes) {
				toDisk(Buffer.from(piece));
			} else {
				used += waiting.write(piece, used);
			}
		},
		done() {
			flush();
			fs.closeSync(descriptor);
			orWriteError(file, () => fs.renameSync(temporary, file));
			spare.push(waiting);
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

function orWriteError<Value>(file: string, action: () => Value): Value {
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
