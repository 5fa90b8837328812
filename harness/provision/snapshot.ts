/**
 * Makes snapshots of machines: brings the machines up, prepares them and saves them. A snapshot is kept like any other
 * artifact: found by its recipe, made once under a lock, verified before use. snapshots.ts and stack.ts define the snapshots.
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

/** How one snapshot is made, and how machines are restored from it. */
export interface Snapshot {
	kind: 'template' | 'cluster' | 'fixture';
	label: string;
	/** Everything that decides its content. */
	recipe: Record<string, unknown>;
	/** The snapshots that its machines are restored from before `prepare`. Omitted: the machines are booted. */
	bases?: Snapshot[];
	/** The machines to save, if they are not the cell's nodes. */
	machines?: MachineRequest[];
	/** Prepares the machines before they are saved. Files that it writes into `folder` become part of the snapshot. */
	prepare(up: MachinesUp, making: SnapshotSteps): Promise<void>;
	/** Returns which machines are restored from it, and how. */
	restoreFrom(artifact: Artifact): RestoreSource;
}

interface SnapshotSteps {
	folder: string;
	/** The artifacts of `bases`. */
	bases: Artifact[];
	/** For files that are not part of the snapshot: consoles, logs. */
	scratch: string;
	onProgress(doing: string): void;
}

/** Increase it when machines are saved in another way: older snapshots are then not used. */
const format = 6;

/**
 * Days after which a snapshot is made anew. The certificates of a swarm last for 90 days (moby, swarmkit
 * ca.DefaultNodeCertExpiration), so a restored swarm has young ones.
 */
const maxAgeDays = 14;

/** Returns what a saved machine depends on. */
export async function machineRecipe(target: Target, node: NodeSpec): Promise<Record<string, unknown>> {
	const artifacts = artifactsOf(target, node);
	const own = await target.provider.snapshots!.recipe(node, artifacts, target.cell);
	// By content, not by key: an artifact that was built again has the same key, but not the same blocks on its disk.
	return {
		format,
		provider: own,
		kernel: await checksumsOf(bootFilesOf(artifacts).vmlinuz),
		engine: await checksumsOf(artifacts.engine.disk),
		// Two variants of the same content are one, whatever they are called.
		...(node.variant && {variant: {...node.variant, id: undefined, ifRefused: undefined}}),
	};
}

async function checksumsOf(file: string): Promise<Record<string, string>> {
	const manifest = await readManifest(path.dirname(file));
	return Object.fromEntries(Object.entries(manifest?.files ?? {}).map(([name, {sha256}]) => [name, sha256]));
}

/**
 * Limits of all snapshots together. The least recently used ones are removed first; one that was unused for `days` days is
 * removed, too. A table of four kernels and three engines takes some 32 GiB: 2.7 GiB for a cell of three nodes. With less,
 * each cell would remove what the next one needs.
 */
const snapshotQuota = {bytes: 40 * 1024 ** 3, days: maxAgeDays};

/**
 * Returns the artifact of a snapshot, found or made. Ensures the snapshots that it is based on first.
 * @param folder for the consoles of machines that are only brought up to be saved
 * @throws ArtifactError, NotApplicable, NotStacked
 */
async function ensureSnapshot(target: Target, snapshot: Snapshot, folder: string, context: Context): Promise<Artifact> {
	const {kind, label, recipe} = snapshot;
	const bases = await ensureSnapshots(target, snapshot.bases ?? [], folder, context);
	const make = async (into: string, onProgress: (doing: string) => void, consoles: string) =>
		buildSnapshot(target, snapshot, {folder: into, bases, scratch: consoles, onProgress}, context);

	// The failure of one machine says nothing about the next one: try once more from nothing, and log the retry.
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

			// In another folder than the first attempt, whose consoles are the evidence.
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
		// A kernel that lacks what swarm needs and a stack.sh that fails are not errors of the cache: throw the cause itself.
		const cause = error instanceof ArtifactError ? error.cause : undefined;
		throw cause instanceof NotApplicable || cause instanceof NotStacked ? cause : error;
	}
}

/** Returns the artifacts of several snapshots. Makes them one after the other: at once they would compete for the host's CPUs. */
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

/** Returns what each machine is restored from, for several snapshots together. */
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
		onProgress('saving the snapshot');
		await up.save!();
	} finally {
		await up.down();
		fs.rmSync(runtime, {recursive: true, force: true});
	}
}

const bytesPerMib = 1024 ** 2;

/**
 * Throws ArtifactError if the disk lacks room for the memory of the machines. Without this check, the host's kernel kills
 * (SIGBUS) a machine whose memory file meets a full disk. To make room, removes the snapshots unused for the longest time.
 */
export async function requireFreeDisk(folder: string, neededMib: number): Promise<void> {
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

/** Removes a snapshot that machines were not restored from, and logs why. The next cell that needs it makes it anew. */
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
