/** Names of runs. */
import {randomInt} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Characters at the end of an id, and how many of them there are. */
const alphabet = 36;
const endLength = 4;

/**
 * Returns a new id: `2026-11-23T14-05-09-x7k2`. It sorts by time. The random end differs for two runs of one second: leases, names
 * of machines and labels of containers have the id in them.
 */
export function newRunId(now = new Date()): string {
	const end = randomInt(alphabet ** endLength)
		.toString(alphabet)
		.padStart(endLength, '0');
	return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${end}`;
}

/** Makes the folder of a new run, which no other run has. Throws the errors of the file system. */
export function makeRunFolder(parent: string, newId: () => string = newRunId): {id: string; folder: string} {
	fs.mkdirSync(parent, {recursive: true});
	for (;;) {
		const id = newId();
		const folder = path.join(parent, id);
		try {
			fs.mkdirSync(folder);
			return {id, folder};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}
}
