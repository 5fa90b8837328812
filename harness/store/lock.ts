/** Locks: one process at a time works on an artifact or on the package lists. The others wait and report for which process. */
import {mkdir, readFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import {ArtifactError} from '../errors.ts';
import {writeAtomically} from '../write-atomically.ts';

/** Milliseconds without a sign of life, after which the holder of a lock is treated as dead (kill -9). */
const staleAfterMs = 12_000;
const heartbeatMs = 3000;
/** Milliseconds that we wait for another process that holds the lock. */
const waitLimitMs = 45 * 60_000;

/**
 * Runs `work` while no other process holds `file`'s lock.
 * @param waiting called once if it has to wait, with the process that holds the lock
 * @throws ArtifactError if the holder does not release the lock in 45 minutes
 */
export async function withLock<T>(file: string, waiting: (holder: string) => void, work: () => Promise<T>): Promise<T> {
	await mkdir(path.dirname(file), {recursive: true});
	const release = await acquire(file, waiting);
	try {
		nameHolder(file);
		return await work();
	} finally {
		// Another process that treated us as dead may have taken the lock over: then there is nothing to release.
		await release().catch(() => {});
	}
}

/** Returns which living process holds `file`'s lock, in words; undefined if none does. */
export async function holderOf(file: string): Promise<string | undefined> {
	if (!(await lockfile.check(file, {realpath: false, stale: staleAfterMs}))) {
		return undefined;
	}

	return readFile(`${file}.holder`, 'utf8').catch(() => 'another process');
}

/** Writes who holds the lock, for the processes that wait. Never throws: the work goes on without this file. */
function nameHolder(file: string): void {
	try {
		writeAtomically(`${file}.holder`, `process ${process.pid} on ${os.hostname()}`);
	} catch {
		// The others wait for `another process`.
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

			// Not at the first attempt: a process that has just taken the lock may not have written its name yet.
			if (attempt === 1) {
				waiting(holder);
			}

			await new Promise(resolve => setTimeout(resolve, 250));
		}
	}
}
