/** A file written piece by piece. Readers see the whole file or none. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError, remedyOfWriting} from '../harness/errors.ts';
import {temporaryFor} from '../harness/write-atomically.ts';

/** Takes the pieces of a file. */
export interface WholeFile {
	readonly file: string;
	/** Throws HarnessError, as `done` does. */
	write(piece: string): void;
	/** Moves the file to its place and returns its size in bytes. */
	done(): number;
	/** Leaves the file as it was before. */
	drop(): void;
}

/** Bytes per write: one write for each of a hundred thousand pieces would take seconds. */
const atOnceBytes = 1 << 17;
/** Maximum bytes of one character of a string in UTF-8. */
const characterBytes = 3;

/** Buffers of finished files, for reuse: a run of a thousand cells writes a thousand files, one after the other. */
const spare: Buffer[] = [];

function wholeFile(file: string): WholeFile {
	const temporary = temporaryFor(file);
	const descriptor = orWriteError(file, () => {
		makeFolder(path.dirname(file));
		return fs.openSync(temporary, 'w');
	});
	// Pieces become bytes immediately. V8 would treat waiting strings as long-lived and grow its heap for them.
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
				// The file is closed already.
			}

			fs.rmSync(temporary, {force: true});
		},
	};
}

/** Writes a file whose pieces `make` writes. If `make` throws, the file stays as it was before. Throws HarnessError. */
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

/**
 * Makes one level only. If the run folder is missing, that is an error to report (and Node's recursive mkdir never ends on
 * /proc).
 */
function makeFolder(folder: string): void {
	if (!fs.existsSync(folder)) {
		fs.mkdirSync(folder);
	}
}

/** Reports are in the run folder; those of single cells are one folder below. */
function runFolderOf(file: string): string {
	const folder = path.dirname(file);
	return path.basename(folder) === 'junit' ? path.dirname(folder) : folder;
}
