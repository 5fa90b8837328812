/** Which artifacts go when the cache is to be smaller: those that nobody has used for the longest time. */
import {foldersInUse} from './in-use.ts';
import {listArtifacts, removeArtifacts, type StoredArtifact} from './stored.ts';

/** Kinds whose artifacts are machines that stand still: large, and made anew in a minute. */
const snapshotKinds: readonly string[] = ['template', 'cluster', 'fixture'];

export interface CacheLimit {
	/** All together may take so many bytes. */
	bytes?: number;
	/** Each was used within so many days. */
	days?: number;
}

const dayMs = 24 * 3600 * 1000;

/** Milliseconds. Between finding an artifact and opening it a machine takes a moment, on a busy host a long one. */
const recentlyUsedMs = 10 * 60 * 1000;

/** Those beyond the limit, the one unused for longest first. The folders in `keep` stay, but take their room. Pure. */
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
 * Never throws: a snapshot that stays a day longer harms nobody.
 * @returns what was removed
 */
export async function evictSnapshots(
	limit: CacheLimit,
	keep: ReadonlySet<string> = new Set(),
): Promise<StoredArtifact[]> {
	return evict((snapshots, stay) => overLimit(snapshots, limit, stay), keep);
}

/** The same for a disk that lacks so many bytes; none goes where all that may go would not suffice. */
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
