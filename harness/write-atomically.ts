/**
 * Writes files that other processes may read at any time: they see the old content or all of the new one. Imports nothing of
 * ours.
 */
import fs from 'node:fs';
import path from 'node:path';
import {threadId} from 'node:worker_threads';

/** How the names of temporary files end. No other file of ours ends so, and a leftover of a crash is never taken for one. */
const unfinished = /\.\d+\.\d+\.tmp$/;

/** A write takes an instant: if a temporary file is older than this, its writer was killed. Milliseconds. */
const abandonedAfterMs = 3600 * 1000;

/**
 * Writes a file atomically. Its folder must exist. If that fails, it throws the error of the system and leaves the file as it
 * was.
 */
export function writeAtomically(file: string, content: string): void {
	replaceAtomically(file, temporary => fs.writeFileSync(temporary, content));
}

/**
 * Writes a file that must not exist yet: of several writers one succeeds, and for the others it throws EEXIST. Readers see
 * nothing or all of it.
 */
export function createAtomically(file: string, content: string): void {
	const temporary = temporaryFor(file);
	try {
		fs.rmSync(temporary, {force: true});
		fs.writeFileSync(temporary, content);
		fs.linkSync(temporary, file);
	} finally {
		remove(temporary);
	}
}

/** Calls `make` with a temporary name beside the file, then renames that to the file. Throws as `writeAtomically` does. */
export function replaceAtomically(file: string, make: (temporary: string) => void): void {
	const temporary = temporaryFor(file);
	try {
		// A killed writer may have had the same pid.
		fs.rmSync(temporary, {force: true});
		make(temporary);
		fs.renameSync(temporary, file);
	} catch (error) {
		remove(temporary);
		throw error;
	}
}

/** Returns a temporary name beside a file. Removes what killed writers left in the folder. */
export function temporaryFor(file: string): string {
	removeAbandoned(path.dirname(file));
	return `${file}.${process.pid}.${threadId}.tmp`;
}

/** Returns whether this is the name of a temporary file: its writer still writes it, or was killed. */
export function isUnfinished(name: string): boolean {
	return unfinished.test(name);
}

/** Removes the temporary file. It ignores errors, so that the first error is reported. */
function remove(temporary: string): void {
	try {
		fs.rmSync(temporary, {force: true});
	} catch {
		// It was never made.
	}
}

function removeAbandoned(folder: string): void {
	try {
		for (const name of fs.readdirSync(folder).filter(isUnfinished)) {
			const file = path.join(folder, name);
			if (Date.now() - fs.lstatSync(file).mtimeMs > abandonedAfterMs) {
				fs.rmSync(file, {force: true});
			}
		}
	} catch {
		// The folder cannot be read, or another process removes the same files: both are harmless.
	}
}
