/** The fixed path where a CI finds the reports of the run that began last. */
import fs from 'node:fs';
import path from 'node:path';
import {HostError} from '../errors.ts';
import {latest} from '../paths.ts';
import {replaceAtomically} from '../write-atomically.ts';

/** Points the link to this run. Replaces it in one step, so that it is never missing in between. Throws HostError. */
export function pointLatestTo(id: string, runs: string): void {
	const link = path.join(runs, latest);
	try {
		replaceAtomically(link, made => fs.symlinkSync(id, made));
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).syscall !== 'rename') {
			throw cause;
		}

		throw new HostError(`${link} cannot be made to point to this run: ${(cause as Error).message}.`, {
			remedy: `Remove ${link}: it is no symbolic link.`,
		});
	}
}
