/**
 * How machines become a snapshot: brought up, prepared, saved, and kept like any other artifact (found by all that went into
 * it, made once under a lock, verified before use). Which there are stands in snapshots.ts and stack.ts.
 */
import fs from 'node:fs';
import {statfs} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, MachineError, NotApplicable, reasonOf} from '../errors.ts';
import {excludingStarvation} from '../machine/index.ts';
import type {NodeSpec, Reason} from '../model/index.ts';
import * as paths from '../paths.ts';
import {leaseFolder} from '../processes/leases.ts';
import {bootFilesOf, type MachineRequest, type MachinesUp, type RestoreSource} from '../providers/provider.ts';
import {type Artifact, ensureArtifact, keyOf} from '../store/cache.ts';
import {evictSnapshots, freeDisk} from '../store/evict.ts';
import {readManifest} from '../store/manifest.ts';
import type {CellLog} from './cell-log.ts';
import {NotStacked} from './not-stacked.ts';
import {artifactsOf, type Context, machinesOf, type Target} from './request.ts';

/** One kind of snapshot: a row. */
export interface Snapshot {
	kind: 'template' | 'cluster' | 'fixture';
	label: string;
	/** All that decides how it comes out. */
	recipe: Record<string, unknown>;
	/** What its machines come back from, to be prepared further; without one they are booted. */
	bases?: Snapshot[];
	/** Other machines than the cell's nodes. */
	machines?: MachineRequest[];
	/** Prepares the machines before they are saved; what it writes into `folder` is kept with them. */
	prepare(up: MachinesUp, making: SnapshotSteps): Promise<void>;
	/** The machines that come back from it, and how. */
	restoreFrom(artifact: Artifact): RestoreSource;
}

interface SnapshotSteps {
	folder: string;
	/** The artifacts of `bases`. */
	bases: Artifact[];
	/** For files that are no part of it: consoles, logs. */
	scratch: string;
	onProgress(doing: string): void;
}

/** Raised when machines are saved in another way, so that older ones are of no use. */
const format = 6;

/** Days. A swarm's certificates last for 90 (moby, swarmkit ca.DefaultNodeCertExpiration); a young one is asked less. */
const maxAgeDays = 14;

/** What a saved machine depends on. */
export async function machineRecipe(target: Target, node: NodeSpec): Promise<Record<string, unknown>> {
	const artifacts = artifactsOf(target, node);
	const own = await target.provider.snapshots!.recipe(node, artifacts, target.cell);
	// By content: an artifact that had to be built anew has the same key, but not the same blocks on its disk.
	return {
		format,
		provider: own,
		kernel: await checksumsOf(bootFilesOf(artifacts).vmlinuz),
		engine: await checksumsOf(artifacts.engine.disk),
	};
}

async function checksumsOf(file: string): Promise<Record<string, string>> {
	const manifest = await readManifest(path.dirname(file));
	return Object.fromEntries(Object.entries(manifest?.files ?? {}).map(([name, {sha256}]) => [name, sha256]));
}

/**
 * What all snapshots may take: those used least recently go first, and those that nobody wanted for so many days. A table of
 * four kernels and three engines takes some 32 GiB, 2.7 for a cell of three nodes; had it less, each cell would throw away
 * what the next one wants.
 */
const snapshotQuota = {bytes: 40 * 1024 ** 3, days: maxAgeDays};

/**
 * The artifact of machines that stand still, and first those of what it is based on.
 * @param folder for the consoles of machines that are only brought up to be saved
 * @throws ArtifactError, NotApplicable, NotStacked
 */
async function ensureSnapshot(target: Target, snapshot: Snapshot, folder: string, context: Context): Promise<Artifact> {
	const {kind, label, recipe} = snapshot;
	const bases = await ensureSnapshots(target, snapshot.bases ?? [], folder, context);
	const make = async (into: string, onProgress: (doing: string) => void, consoles: string) =>
		buildSnapshot(target, snapshot, {folder: into, bases, scratch: consoles, onProgress}, context);

	// A machine that does not do its part says nothing about the next one: once more, from nothing, and told.
	const build = async (into: string, onProgress: (doing: string) => void) => {
		try {
			await make(into, onProgress, path.join(folder, kind));
		} catch (error) {
			if (context.signal.aborted || !(error instanceof MachineError)) {
				throw error;
			}

			context.log.retried(reasonOf(error));
			for (const name of fs.readdirSync(into)) {
				fs.rmSync(path.join(into, name), {recursive: true});
			}

			// Beside the first one's consoles, which are the evidence.
			await make(into, onProgress, path.join(folder, `${kind}-again`));
		}
	};

	try {
		const artifact = await ensureArtifact({kind, label, recipe, build, maxAgeDays: maxAgeDays}, context.log.artifact);
		if (artifact.state === 'built') {
			await evictSnapshots(snapshotQuota, new Set([artifact.folder]));
		}

		return artifact;
	} catch (error) {
		// A kernel that lacks what swarm needs, and a stack.sh that fails, are no trouble of the cache's.
		const cause = error instanceof ArtifactError ? error.cause : undefined;
		throw cause instanceof NotApplicable || cause instanceof NotStacked ? cause : error;
	}
}

/** Several, one after the other: they would only take the host's CPUs from each other. */
export async function ensureSnapshots(
	target: Target,
	snapshots: readonly Snapshot[],
	folder: string,
	context: Context,
): Promise<Artifact[]> {
	const artifacts: Artifact[] = [];
	for (const each of snapshots) {
		artifacts.push(await ensureSnapshot(target, each, folder, context));
	}

	return artifacts;
}

/** Which machine comes back from what, by several snapshots together. */
export function savedBy(snapshots: readonly Snapshot[], artifacts: readonly Artifact[]): RestoreSource {
	return Object.assign({}, ...snapshots.map((each, index) => each.restoreFrom(artifacts[index]!))) as RestoreSource;
}

async function buildSnapshot(
	target: Target,
	{kind, recipe, bases, machines = machinesOf(target), prepare}: Snapshot,
	steps: SnapshotSteps,
	{lease, signal, log}: Context,
): Promise<void> {
	const {cell, provider} = target;
	const {folder, scratch, onProgress} = steps;
	await requireFreeDisk(
		folder,
		machines.reduce((sum, {node}) => sum + node.memory, 0),
	);
	const runtime = leaseFolder(
		lease,
		path.join(paths.runtime, `${lease.id}-${kind}-${keyOf(kind, recipe).slice(0, 6)}`),
	);
	fs.mkdirSync(scratch, {recursive: true});
	const up = await provider.up({
		cell,
		machines,
		places: {folder: scratch, disks: folder, runtime},
		signal,
		log: {...log, machine: (machine, doing) => onProgress(`${machine}: ${doing}`)},
		savable: true,
		...(bases && {from: savedBy(bases, steps.bases)}),
	});
	try {
		await excludingStarvation(up.machines, async () => prepare(up, steps), {signal});
		signal.throwIfAborted();
		onProgress('freezes');
		await up.save!();
	} finally {
		await up.down();
		fs.rmSync(runtime, {recursive: true, force: true});
	}
}

const bytesPerMib = 1024 ** 2;

/**
 * A machine whose memory file meets a full disk is killed by the host's kernel (SIGBUS): better to know before. Snapshots that
 * were not used for longest give way.
 */
async function requireFreeDisk(folder: string, neededMib: number): Promise<void> {
	const free = async () => {
		const {bavail, bsize} = await statfs(folder);
		return Math.floor((bavail * bsize) / bytesPerMib);
	};
	let freeMib = await free();
	if (freeMib < neededMib) {
		await freeDisk((neededMib - freeMib) * bytesPerMib);
		freeMib = await free();
	}

	if (freeMib < neededMib) {
		throw new ArtifactError(
			`A snapshot needs ${neededMib} MiB under ${path.dirname(folder)}, where ${freeMib} MiB are free`,
			{
				remedy: 'Make room: swarmlab images prune. Or set SWARMLAB_CACHE to a folder on a larger disk.',
			},
		);
	}
}

/** A snapshot that machines did not come back from is not tried again: the next one that wants it makes it anew. */
export function discardSnapshot({folder, kind, label}: Artifact, why: Reason, {artifact}: CellLog): void {
	artifact({
		event: 'artifact',
		kind,
		label,
		state: 'damaged',
		detail: `machines do not come back from it: ${why.message}`,
	});
	fs.rmSync(folder, {recursive: true, force: true});
}
