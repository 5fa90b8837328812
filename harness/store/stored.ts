/** Lists what is in the cache of artifacts, and removes from it. */
import {readdir, readFile, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {ArtifactError} from '../errors.ts';
import * as paths from '../paths.ts';
import {artifactsFolder, lockFile, seenFile} from './cache.ts';
import {kindInCache} from './kinds.ts';
import {withLock} from './lock.ts';
import {readManifest} from './manifest.ts';

export interface StoredArtifact {
	kind: string;
	label: string;
	key: string;
	folder: string;
	/** Bytes on disk; holes in sparse images take none. */
	size: number;
	/** ISO 8601, UTC. */
	builtAt: string;
	/** Milliseconds since the epoch. */
	usedAt: number;
	/** Its manifest cannot be read: it will never be used again. */
	damaged?: true;
}

/** Returns all artifacts, the last used first and the damaged ones last. */
export async function listArtifacts(): Promise<StoredArtifact[]> {
	const names = await readdir(artifactsFolder()).catch(() => []);
	const whole = names.filter(name => !name.includes('.building-'));
	const found = await Promise.all(whole.map(name => describe(path.join(artifactsFolder(), name))));
	return found.sort((a, b) => b.usedAt - a.usedAt);
}

/**
 * Removes the artifacts that were not used since `before` (milliseconds since the epoch) and what killed builders left.
 * The folders in `inUse` stay: machines that are up have their disks open.
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
 * Removes artifacts. One stays if it was used since it was listed, or if another process builds or checks it.
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
		await withLock(lockFile(kind, key), giveWay, async () => {
			if ((await isAsBefore(artifact)) && (await removeFolder(folder))) {
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
 * Renames the folder and then removes it, so that no other process finds half of it. If this process is killed in between,
 * the remains look like those of a dead builder.
 * @returns false if it was gone already
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

/** Returns the folders of unfinished artifacts whose builder is gone, and of package lists whose remover is gone. */
export async function findAbandoned(): Promise<string[]> {
	const found = await Promise.all(
		[artifactsFolder(), listsFolder(), paths.saved].map(async parent => {
			const names = await readdir(parent).catch(() => []);
			const abandoned = names.filter(name => {
				const pid = /\.building-(\d+)$/.exec(name)?.[1];
				return pid !== undefined && !isAlive(Number(pid));
			});
			return abandoned.map(name => path.join(parent, name));
		}),
	);
	return found.flat();
}

/** Removes what `findAbandoned` finds. @returns the folders */
export async function removeAbandoned(): Promise<string[]> {
	const folders = await findAbandoned();
	await Promise.all(folders.map(folder => rm(folder, {recursive: true, force: true})));
	return folders;
}

async function describe(folder: string): Promise<StoredArtifact> {
	const [manifest, size] = await Promise.all([readManifest(folder), sizeOnDisk(folder)]);
	if (manifest) {
		const {label, key, builtAt} = manifest;
		const kind = kindInCache(manifest.kind);
		return {kind, label, key, folder, builtAt, size, usedAt: await lastUsed({kind, key, builtAt})};
	}

	// Only its name says what it is. It counts as never used, so that it is removed first.
	const [, name = 'unknown', key = ''] = /^([a-z]+)-(.*)$/.exec(path.basename(folder)) ?? [];
	const status = await stat(folder).catch(() => undefined);
	const builtAt = new Date(status?.mtimeMs ?? 0).toISOString();
	const label = `damaged: ${path.basename(folder)}`;
	return {kind: kindInCache(name), label, key, folder, builtAt, size, usedAt: 0, damaged: true};
}

/** Bytes. */
async function sizeOnDisk(folder: string): Promise<number> {
	const {stdout = ''} = await execa('du', ['-s', '-k', folder], {reject: false});
	return (Number.parseInt(stdout, 10) || 0) * 1024;
}

/** Returns whether the artifact was neither used nor made anew since it was listed. */
async function isAsBefore(artifact: StoredArtifact): Promise<boolean> {
	return artifact.damaged
		? (await readManifest(artifact.folder)) === undefined
		: (await lastUsed(artifact)) === artifact.usedAt;
}

/** Returns the folder of the package lists. It has a folder for each set of settings that was ever used. */
function listsFolder(): string {
	return path.join(paths.cache, 'apt');
}

/** Returns the package lists as artifacts of a kind of their own, the last used first. */
export async function listPackageLists(): Promise<StoredArtifact[]> {
	const names = await readdir(listsFolder()).catch(() => []);
	const whole = names.filter(name => !name.includes('.building-'));
	const found = await Promise.all(
		whole.map(async key => {
			const folder = path.join(listsFolder(), key);
			const [index, config, own] = await Promise.all(
				[path.join(folder, 'index.json'), path.join(folder, 'apt.conf'), folder].map(async file =>
					stat(file).catch(() => undefined),
				),
			);
			const builtAt = new Date((index ?? own)?.mtimeMs ?? 0).toISOString();
			const usedAt = (config ?? own)?.mtimeMs ?? 0;
			return {
				kind: listsKind,
				label: await suitesIn(folder),
				key,
				folder,
				size: await sizeOnDisk(folder),
				builtAt,
				usedAt,
			};
		}),
	);
	return found.sort((a, b) => b.usedAt - a.usedAt);
}

export const listsKind = 'lists';

/** Returns the suites of the settings that the lists belong to: `bookworm, trixie`. */
async function suitesIn(folder: string): Promise<string> {
	const text = await readFile(path.join(folder, 'etc/sources.list.d/swarmlab.sources'), 'utf8').catch(() => '');
	const suites = [...text.matchAll(/^Suites: (.*)$/gm)].flatMap(([, names]) => names!.split(' '));
	return suites.join(', ') || 'of no suite';
}

/** Removes package lists; those that are being fetched, or were used since they were listed, stay. @returns what was removed */
export async function removePackageLists(lists: readonly StoredArtifact[]): Promise<StoredArtifact[]> {
	const removed: StoredArtifact[] = [];
	const busy = new Error('somebody fetches them');
	const giveWay = () => {
		throw busy;
	};
	for (const each of lists) {
		await withLock(path.join(each.folder, 'refresh'), giveWay, async () => {
			const now = await stat(path.join(each.folder, 'apt.conf')).catch(() => undefined);
			if ((now === undefined || now.mtimeMs === each.usedAt) && (await removeFolder(each.folder))) {
				removed.push(each);
			}
		}).catch(cause => {
			if (cause !== busy) {
				throw new ArtifactError(`The lists of ${each.label} could not be removed: ${each.folder}`, {cause});
			}
		});
	}

	return removed;
}

/** Returns when it was last used, milliseconds since the epoch. Each use of an artifact writes its seen file. */
async function lastUsed({kind, key, builtAt}: Pick<StoredArtifact, 'kind' | 'key' | 'builtAt'>): Promise<number> {
	const seen = await stat(seenFile(kind, key)).catch(() => undefined);
	return seen?.mtimeMs ?? Date.parse(builtAt);
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// A process of another user: it is alive.
		return (error as {code?: string}).code === 'EPERM';
	}
}
