/** What lies in the cache of artifacts, and how it is made smaller. */
import {readdir, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {ArtifactError} from '../errors.ts';
import * as paths from '../paths.ts';
import {artifactsFolder, seenFile} from './cache.ts';
import {withLock} from './lock.ts';
import {readManifest} from './manifest.ts';

export interface StoredArtifact {
	kind: string;
	label: string;
	key: string;
	folder: string;
	/** Bytes on disk; holes in images take none. */
	size: number;
	/** ISO 8601, UTC. */
	builtAt: string;
	/** Milliseconds since the epoch. */
	usedAt: number;
}

/** All artifacts, the one used last first. */
export async function listArtifacts(): Promise<StoredArtifact[]> {
	const names = await readdir(artifactsFolder()).catch(() => []);
	const whole = names.filter(name => !name.includes('.building-'));
	const found = await Promise.all(whole.map(name => describe(path.join(artifactsFolder(), name))));
	return found.filter(artifact => artifact !== undefined).sort((a, b) => b.usedAt - a.usedAt);
}

/**
 * Removes the artifacts that were not used since `before` (milliseconds since the epoch) and what killed builders left.
 * Those in `inUse` (folders) stay: machines that are up have their disks open.
 * @returns what was removed
 */
export async function pruneArtifacts(
	before: number,
	inUse: ReadonlySet<string> = new Set(),
): Promise<StoredArtifact[]> {
	await removeAbandoned();
	const unused = (await listArtifacts()).filter(({usedAt, folder}) => usedAt < before && !inUse.has(folder));
	return removeArtifacts(unused);
}

/**
 * Removes artifacts. One that was used since it was looked at stays, as does one that somebody builds or checks.
 * @returns what was removed
 * @throws ArtifactError
 */
export async function removeArtifacts(artifacts: readonly StoredArtifact[]): Promise<StoredArtifact[]> {
	const removed: StoredArtifact[] = [];
	const busy = new Error('somebody works on it');
	const giveWay = () => {
		throw busy;
	};
	for (const artifact of artifacts) {
		const {kind, label, key, folder} = artifact;
		await withLock(path.join(paths.cache, 'locks', `${kind}-${key}`), giveWay, async () => {
			if ((await lastUsed(artifact)) === artifact.usedAt && (await removeFolder(folder))) {
				await rm(seenFile(kind, key), {force: true});
				removed.push(artifact);
			}
		}).catch(cause => {
			if (cause !== busy) {
				throw new ArtifactError(`${kind} ${label} could not be removed: ${folder}`, {cause});
			}
		});
	}

	return removed;
}

/**
 * Gone at once, so that nobody finds half of it: what a killed remover leaves looks like a dead builder's.
 * @returns false when it was gone already
 */
async function removeFolder(folder: string): Promise<boolean> {
	const doomed = `${folder}.building-${process.pid}`;
	try {
		await rename(folder, doomed);
	} catch (error) {
		if ((error as {code?: string}).code === 'ENOENT') {
			return false;
		}

		throw error;
	}

	await rm(doomed, {recursive: true, force: true});
	return true;
}

/** Removes unfinished artifacts whose builder is gone. @returns their folders */
export async function removeAbandoned(): Promise<string[]> {
	const names = await readdir(artifactsFolder()).catch(() => []);
	const abandoned = names.filter(name => {
		const pid = /\.building-(\d+)$/.exec(name)?.[1];
		return pid !== undefined && !isAlive(Number(pid));
	});
	const folders = abandoned.map(name => path.join(artifactsFolder(), name));
	await Promise.all(folders.map(folder => rm(folder, {recursive: true, force: true})));
	return folders;
}

async function describe(folder: string): Promise<StoredArtifact | undefined> {
	const manifest = await readManifest(folder);
	if (!manifest) {
		return undefined;
	}

	const {kind, label, key, builtAt} = manifest;
	const {stdout = ''} = await execa('du', ['-s', '-k', folder], {reject: false});
	return {
		kind,
		label,
		key,
		folder,
		builtAt,
		size: (Number.parseInt(stdout, 10) || 0) * 1024,
		usedAt: await lastUsed(manifest),
	};
}

/** Whoever uses an artifact writes down that it is whole. */
async function lastUsed({kind, key, builtAt}: Pick<StoredArtifact, 'kind' | 'key' | 'builtAt'>): Promise<number> {
	const seen = await stat(seenFile(kind, key)).catch(() => undefined);
	return seen?.mtimeMs ?? Date.parse(builtAt);
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// Somebody else's process is alive all the same.
		return (error as {code?: string}).code === 'EPERM';
	}
}
