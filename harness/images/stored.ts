/** What lies in the cache of artifacts, and how it is made smaller. */
import {readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
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
	const found = await Promise.all(names.map(name => describe(path.join(artifactsFolder(), name))));
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
	for (const {kind, key, folder} of unused) {
		await withLock(
			path.join(paths.cache, 'locks', `${kind}-${key}`),
			() => {},
			async () => {
				await rm(folder, {recursive: true, force: true});
				await rm(seenFile(kind, key), {force: true});
			},
		);
	}

	return unused;
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
	const used = await stat(seenFile(kind, key)).catch(() => undefined);
	return {
		kind,
		label,
		key,
		folder,
		builtAt,
		size: (Number.parseInt(stdout, 10) || 0) * 1024,
		usedAt: used?.mtimeMs ?? Date.parse(builtAt),
	};
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// Somebody else's process is alive all the same.
		return (error as {code?: string}).code === 'EPERM';
	}
}
