/** Files that others may read at any time: they see one as it was before, or whole. Imports nothing of ours. */
import fs from 'node:fs';
import path from 'node:path';
import {threadId} from 'node:worker_threads';

/** Ends as none of our files does, so that what a crash leaves is taken for none of them. */
const unfinished = /\.\d+\.\d+\.tmp$/;

/** A writer needs an instant; after this long it was killed. Milliseconds. */
const abandonedAfterMs = 3600 * 1000;

/** Writes a file, its folder being there. Throws what the system says, and leaves the file as it was then. */
export function writeAtomically(file: string, content: string): void {
	replaceAtomically(file, temporary => fs.writeFileSync(temporary, content));
}

/** Puts what `make` makes under a name beside the file in the file's place. Throws as `writeAtomically`. */
export function replaceAtomically(file: string, make: (temporary: string) => void): void {
	const temporary = temporaryFor(file);
	try {
		// A killed writer may have had this process's number.
		fs.rmSync(temporary, {force: true});
		make(temporary);
		fs.renameSync(temporary, file);
	} catch (error) {
		remove(temporary);
		throw error;
	}
}

/** A name beside a file for what is to take its place. What killed writers left in the folder goes. */
export function temporaryFor(file: string): string {
	removeAbandoned(path.dirname(file));
	return `${file}.${process.pid}.${threadId}.tmp`;
}

/** Whether a file of this name is none yet: its writer is at it, or was killed. */
export function isUnfinished(name: string): boolean {
	return unfinished.test(name);
}

/** What went wrong before is what is told. */
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
		// The folder cannot be read, or another process removes the same: it harms nobody.
	}
}
