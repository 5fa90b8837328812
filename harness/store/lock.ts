/** One process at a time works on an artifact or on the package lists; the others wait and say for whom. */
import {mkdir, readFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import {ArtifactError} from '../errors.ts';
import {writeAtomically} from '../write-atomically.ts';

/** After so long without a sign of life a lock's holder is taken for dead (kill -9). Milliseconds. */
const staleAfterMs = 12_000;
const heartbeatMs = 3000;
/** The longest that somebody else may build before we give up waiting. Milliseconds. */
const waitLimitMs = 45 * 60_000;

/**
 * Runs `work` while no other process holds `file`'s lock.
 * @param waiting told once, with who holds it, if it has to wait
 * @throws ArtifactError when the holder does not let go in 45 minutes
 */
export async function withLock<T>(file: string, waiting: (holder: string) => void, work: () => Promise<T>): Promise<T> {
	await mkdir(path.dirname(file), {recursive: true});
	const release = await acquire(file, waiting);
	try {
		nameHolder(file);
		return await work();
	} finally {
		// Taken over by somebody who thought us dead: theirs now, nothing to release.
		await release().catch(() => {});
	}
}

/** For those who wait. That it cannot be written must not keep anybody from working. */
function nameHolder(file: string): void {
	try {
		writeAtomically(`${file}.holder`, `process ${process.pid} on ${os.hostname()}`);
	} catch {
		// They are told of another process.
	}
}

async function acquire(file: string, waiting: (holder: string) => void): Promise<() => Promise<void>> {
	const deadline = Date.now() + waitLimitMs;
	for (let attempt = 0; ; attempt++) {
		try {
			return await lockfile.lock(file, {
				realpath: false,
				stale: staleAfterMs,
				update: heartbeatMs,
				onCompromised: () => {},
			});
		} catch (error) {
			if ((error as {code?: string}).code !== 'ELOCKED') {
				throw new ArtifactError(`Could not lock ${file}.`, {cause: error});
			}

			const holder = await readFile(`${file}.holder`, 'utf8').catch(() => 'another process');
			if (Date.now() > deadline) {
				throw new ArtifactError(`${holder} has held ${file}.lock for ${waitLimitMs / 60_000} minutes.`, {
					remedy: 'If that process is not swarmlab any more, remove the lock; it is a folder.',
				});
			}

			// Not at the first: who has just taken it may not have written its name yet.
			if (attempt === 1) {
				waiting(holder);
			}

			await new Promise(resolve => setTimeout(resolve, 250));
		}
	}
}
