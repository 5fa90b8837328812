/** Makes the cache smaller: removes the artifacts that were unused for the longest time. */
import {foldersInUse} from './in-use.ts';
import {listArtifacts, removeArtifacts, type StoredArtifact} from './stored.ts';

/** Kinds of artifacts that are saved machines: large, and made anew in a minute. */
const snapshotKinds: readonly string[] = ['template', 'cluster', 'fixture'];

export interface CacheLimit {
	/** Bytes that all together may take. */
	bytes?: number;
	/** Days that each may be unused. */
	days?: number;
}

const dayMs = 24 * 3600 * 1000;

/** Milliseconds. An artifact used since then stays: on a busy host, a machine opens it long after it was found. */
const recentlyUsedMs = 10 * 60 * 1000;

/** Returns the artifacts beyond the limit, the one unused for longest first. Folders in `keep` stay, but count. Pure. */
export function overLimit(
	artifacts: readonly StoredArtifact[],
	{bytes = Number.POSITIVE_INFINITY, days = Number.POSITIVE_INFINITY}: CacheLimit,
	keep: ReadonlySet<string>,
	now = Date.now(),
): StoredArtifact[] {
	const oldestFirst = artifacts.toSorted((a, b) => a.usedAt - b.usedAt);
	let left = sizeOf(artifacts);
	return oldestFirst.filter(({folder, size, usedAt}) => {
		const goes = !keep.has(folder) && (left > bytes || now - usedAt > days * dayMs);
		left -= goes ? size : 0;
		return goes;
	});
}

/** Bytes on disk. */
export function sizeOf(artifacts: readonly StoredArtifact[]): number {
	return artifacts.reduce((sum, {size}) => sum + size, 0);
}

/**
 * Removes the snapshots beyond the limit, but none that is open, was used a moment ago, or whose folder is in `keep`.
 * Never throws: a snapshot that stays a day longer does no harm.
 * @returns what was removed
 */
export async function evictSnapshots(
	limit: CacheLimit,
	keep: ReadonlySet<string> = new Set(),
): Promise<StoredArtifact[]> {
	return evict((snapshots, stay) => overLimit(snapshots, limit, stay), keep);
}

/** Removes snapshots to free so many bytes on the disk. Removes none if all that it may remove would not suffice. */
export async function freeDisk(bytes: number): Promise<StoredArtifact[]> {
	return evict((snapshots, stay) => {
		const gone = overLimit(snapshots, {bytes: sizeOf(snapshots) - bytes}, stay);
		return sizeOf(gone) < bytes ? [] : gone;
	});
}

async function evict(
	choose: (snapshots: readonly StoredArtifact[], stay: ReadonlySet<string>) => StoredArtifact[],
	keep: ReadonlySet<string> = new Set(),
): Promise<StoredArtifact[]> {
	try {
		const snapshots = (await listArtifacts()).filter(({kind}) => snapshotKinds.includes(kind));
		const recent = snapshots.filter(({usedAt}) => Date.now() - usedAt < recentlyUsedMs);
		const stay = new Set([...keep, ...(await foldersInUse()), ...recent.map(({folder}) => folder)]);
		return await removeArtifacts(choose(snapshots, stay));
	} catch {
		return [];
	}
}
