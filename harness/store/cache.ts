/**
 * The store of artifacts: an artifact is found again by its recipe, which is all that it was built from.
 *
 * `<cache>/artifacts/<kind>-<key>/` appears whole or not at all (built in a folder beside it, then renamed) and holds a
 * manifest with the checksum of every file. `<cache>/locks/` keeps two processes from building the same thing twice.
 */
import {createHash} from 'node:crypto';
import {mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, HarnessError} from '../errors.ts';
import * as paths from '../paths.ts';
import {asDiskFull} from './disk-full.ts';
import {nameInCache} from './kinds.ts';
import {withLock} from './lock.ts';
import {describeFiles, findDamage, type Manifest, manifestName, readManifest, recordVerified} from './manifest.ts';
import type {ArtifactEvent, Report} from './report.ts';

/** Plain JSON: everything that decides what the artifact will be. */
export type Recipe = {[key: string]: unknown};

export interface ArtifactRequest {
	kind: ArtifactEvent['kind'];
	/** For people: `6.1.180`. Not part of the key. */
	label: string;
	/** Package versions and checksums, hashes of our own scripts. Equal recipes give equal keys. */
	recipe: Recipe;
	/** Days after which it is built again. Omitted: it never ages. */
	maxAgeDays?: number;
	/**
	 * Fills `folder`. `<folder>/.scratch` exists, is on the same disk and does not become part of the artifact.
	 * `onProgress` receives what is being done, in a few words.
	 */
	build: (folder: string, onProgress: (doing: string) => void) => Promise<void>;
}

export interface Artifact extends Pick<ArtifactRequest, 'kind' | 'label'> {
	key: string;
	/** Absolute. Never write into it. */
	folder: string;
	state: 'cached' | 'built';
}

/** Key of a recipe: sha256 of its canonical JSON (keys sorted, undefined left out), shortened to 24 hex digits. */
export function keyOf(kind: string, recipe: Recipe): string {
	return createHash('sha256')
		.update(canonical({kind: nameInCache(kind), recipe}))
		.digest('hex')
		.slice(0, 24);
}

/** Folder under which artifacts lie. */
export function artifactsFolder(): string {
	return path.join(paths.cache, 'artifacts');
}

/**
 * Returns the artifact of this recipe: from the cache if it is there and whole, otherwise built. A damaged one is reported
 * (`damaged`) and built again.
 * @throws HarnessError of the build; for any other error, ArtifactError with that as its cause. Nothing is left behind.
 */
export async function ensureArtifact(request: ArtifactRequest, report: Report): Promise<Artifact> {
	const {kind, label} = request;
	const key = keyOf(kind, request.recipe);
	const folder = path.join(artifactsFolder(), `${nameInCache(kind)}-${key}`);
	const emit = (state: ArtifactEvent['state'], more: Partial<ArtifactEvent> = {}) =>
		report({event: 'artifact', kind, label, state, key, ...more});
	const waiting = (holder: string) =>
		report({
			event: 'notice',
			level: 'info',
			message: `${kind} ${label}: ${holder} builds it already; waiting for that.`,
		});

	await mkdir(artifactsFolder(), {recursive: true}).catch(error => {
		throw new ArtifactError(`The cache folder ${artifactsFolder()} cannot be made.`, {
			cause: error,
			remedy: 'Set SWARMLAB_CACHE to a folder that you may write to.',
		});
	});
	return withLock(lockFile(kind, key), waiting, async () => {
		const manifest = await readManifest(folder);
		const damage = manifest
			? (agedBeyond(manifest, request.maxAgeDays) ?? (await findDamage(folder, manifest, seenFile(kind, key))))
			: undefined;
		if (manifest && !damage) {
			emit('cached');
			return {kind, label, key, folder, state: 'cached'};
		}

		if (damage) {
			emit('damaged', {detail: `${damage}; building it again`});
			await rm(folder, {recursive: true, force: true});
		}

		const seconds = await build(request, key, folder, detail => emit('building', {detail})).catch(error => {
			const failure =
				error instanceof HarnessError
					? error
					: new ArtifactError(`${kind} ${label} could not be built.`, {cause: error});
			emit('failed', {detail: failure.message});
			throw failure;
		});
		emit('built', {seconds});
		return {kind, label, key, folder, state: 'built'};
	});
}

function agedBeyond({builtAt}: Manifest, maxAgeDays = Number.POSITIVE_INFINITY): string | undefined {
	const days = (Date.now() - Date.parse(builtAt)) / 86_400_000;
	return days > maxAgeDays ? `it is ${days.toFixed(0)} days old` : undefined;
}

/** Returns the file that is locked while an artifact is built, checked or removed. */
export function lockFile(kind: string, key: string): string {
	return path.join(paths.cache, 'locks', `${nameInCache(kind)}-${key}`);
}

/** Returns the file that records which files were found whole. It is outside the artifact, so that the artifact never changes. */
export function seenFile(kind: string, key: string): string {
	return `${lockFile(kind, key)}.seen`;
}

async function build(
	request: ArtifactRequest,
	key: string,
	folder: string,
	onProgress: (doing: string) => void,
): Promise<number> {
	const started = Date.now();
	await removeRemains(folder);
	const temporary = `${folder}.building-${process.pid}`;
	const scratch = path.join(temporary, '.scratch');
	try {
		await mkdir(scratch, {recursive: true});
		onProgress('starts');
		await request.build(temporary, onProgress);
		await rm(scratch, {recursive: true, force: true});
		const builtIn = (Date.now() - started) / 1000;
		const manifest: Manifest = {
			kind: nameInCache(request.kind),
			label: request.label,
			key,
			recipe: request.recipe,
			builtAt: new Date().toISOString(),
			builtIn,
			files: await describeFiles(temporary),
		};
		await writeFile(path.join(temporary, manifestName), JSON.stringify(manifest, null, '\t'));
		// A folder without a manifest: a removal that was cut short left it.
		await rm(folder, {recursive: true, force: true});
		await rename(temporary, folder);
		await recordVerified(folder, manifest, seenFile(request.kind, key));
		return builtIn;
	} catch (error) {
		throw (await asDiskFull(error, request, temporary)) ?? error;
	} finally {
		await rm(temporary, {recursive: true, force: true}).catch(() => {});
	}
}

/** Removes what a killed builder left. We hold the lock, so no other process builds there now. */
async function removeRemains(folder: string): Promise<void> {
	const names = await readdir(path.dirname(folder));
	const remains = names.filter(name => name.startsWith(`${path.basename(folder)}.building-`));
	await Promise.all(remains.map(name => rm(path.join(path.dirname(folder), name), {recursive: true, force: true})));
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_key, part) =>
		part && typeof part === 'object' && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	);
}
