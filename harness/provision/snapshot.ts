/**
 * How machines become an artifact: brought up, prepared, frozen, and kept like any other (found by all that went into them,
 * made once under a lock, verified before use). Which there are stands in snapshots.ts and provision-stack.ts.
 */
import fs from 'node:fs';
import {statfs} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError, MachineError, NotApplicable, reasonOf} from '../errors.ts';
import {patiently} from '../machine/index.ts';
import type {Cell, Reason} from '../model/index.ts';
import {stations} from '../network/lan.ts';
import * as paths from '../paths.ts';
import {type Lease, leaseFolder} from '../processes/leases.ts';
import type {BringUp, CellArtifacts, MachinesUp, Provider} from '../providers/provider.ts';
import type {NewEvent} from '../record/record.ts';
import {type Artifact, ensureArtifact, keyOf} from '../store/cache.ts';
import {evictSnapshots, makeRoom} from '../store/evict.ts';
import {readManifest} from '../store/manifest.ts';

/** What is wanted, and by whom. */
export interface SnapshotRequest {
	cell: Cell;
	provider: Provider;
	artifacts: CellArtifacts;
	/** For the consoles of machines that are only brought up to be frozen. */
	folder: string;
	lease: Lease;
	signal: AbortSignal;
	tell(event: NewEvent): void;
}

/** Raised when machines are frozen in another way, so that older ones are of no use. */
const format = 6;

/** Days. A swarm's certificates last for 90 (moby, swarmkit ca.DefaultNodeCertExpiration); a young one is asked less. */
const youth = 14;

/** What every frozen machine depends on. */
export async function machineRecipe({cell, provider, artifacts}: SnapshotRequest): Promise<Record<string, unknown>> {
	const own = await provider.snapshots!.recipe(cell, artifacts);
	// By content: an artifact that had to be built anew has the same key, but not the same blocks on its disk.
	return {
		format,
		provider: own,
		kernel: await contents(artifacts.kernel.vmlinuz),
		engine: await contents(artifacts.engine.disk),
	};
}

async function contents(file: string): Promise<Record<string, string>> {
	const manifest = await readManifest(path.dirname(file));
	return Object.fromEntries(Object.entries(manifest?.files ?? {}).map(([name, {sha256}]) => [name, sha256]));
}

/**
 * What all snapshots may take: those used least recently go first, and those that nobody wanted for so many days. A table of
 * four kernels and three engines takes some 32 GiB, 2.7 for a cell of three nodes; had it less, each cell would throw away
 * what the next one wants.
 */
const room = {bytes: 40 * 1024 ** 3, days: youth};

export interface Making {
	/** What is done with the machines before they are frozen. */
	make(up: MachinesUp, folder: string, say: (doing: string) => void): Promise<void>;
	bringUp: Pick<BringUp, 'stations' | 'artifacts' | 'from'>;
}

/** The artifact of machines that stand still. Throws ArtifactError, NotApplicable. */
export async function ensureFrozen(
	request: SnapshotRequest,
	kind: 'template' | 'cluster' | 'stage',
	label: string,
	recipe: Record<string, unknown>,
	{make, bringUp}: Making,
): Promise<Artifact> {
	const {cell, provider, lease, signal, tell} = request;
	const makeOnce = async (folder: string, say: (doing: string) => void, consoles: string) => {
		await requireRoom(folder, cell.topology.memory * (bringUp.stations ?? stations(cell.topology)).length);
		const runtime = leaseFolder(
			lease,
			path.join(paths.runtime, `${lease.id}-${kind}-${keyOf(kind, recipe).slice(0, 6)}`),
		);
		fs.mkdirSync(consoles, {recursive: true});
		const up = await provider.up({
			cell,
			...bringUp,
			folder: consoles,
			disks: folder,
			runtime,
			signal,
			freezable: true,
			onProgress: (machine, doing) => say(`${machine}: ${doing}`),
			onRetry: (machine, reason, consoleTail) =>
				tell({event: 'infrastructure-retry', cell: cell.id, machine, reason, consoleTail}),
		});
		try {
			await patiently(up.machines, async () => make(up, folder, say), {signal});
			signal.throwIfAborted();
			say('freezes');
			await up.save!();
		} finally {
			await up.down();
			fs.rmSync(runtime, {recursive: true, force: true});
		}
	};

	// A machine that does not do its part says nothing about the next one: once more, from nothing, and told.
	const build = async (folder: string, say: (doing: string) => void) => {
		try {
			await makeOnce(folder, say, path.join(request.folder, kind));
		} catch (error) {
			if (signal.aborted || !(error instanceof MachineError)) {
				throw error;
			}

			tell({event: 'infrastructure-retry', cell: cell.id, reason: reasonOf(error)});
			for (const name of fs.readdirSync(folder)) {
				fs.rmSync(path.join(folder, name), {recursive: true});
			}

			// Beside the first one's consoles, which are the evidence.
			await makeOnce(folder, say, path.join(request.folder, `${kind}-again`));
		}
	};

	try {
		const artifact = await ensureArtifact({kind, label, recipe, build, youth}, tell);
		if (artifact.state === 'built') {
			await evictSnapshots(room, new Set([artifact.folder]));
		}

		return artifact;
	} catch (error) {
		// A kernel that lacks what swarm needs is no trouble of the cache's.
		throw error instanceof ArtifactError && error.cause instanceof NotApplicable ? error.cause : error;
	}
}

const mebibyte = 1024 ** 2;

/**
 * A machine whose memory file meets a full disk is killed by the host's kernel (SIGBUS): better to know before. Snapshots that
 * were not used for longest give way.
 */
async function requireRoom(folder: string, mebibytes: number): Promise<void> {
	const free = async () => {
		const {bavail, bsize} = await statfs(folder);
		return Math.floor((bavail * bsize) / mebibyte);
	};
	let left = await free();
	if (left < mebibytes) {
		await makeRoom((mebibytes - left) * mebibyte);
		left = await free();
	}

	if (left < mebibytes) {
		throw new ArtifactError(
			`A snapshot needs ${mebibytes} MiB under ${path.dirname(folder)}, where ${left} MiB are free`,
			{
				remedy: 'Make room: swarmlab images prune. Or set SWARMLAB_CACHE to a folder on a larger disk.',
			},
		);
	}
}

/** A snapshot that machines did not come back from is not tried again: the next one who wants it makes it anew. */
export function discard({folder, kind, label}: Artifact, why: Reason, {tell}: SnapshotRequest): void {
	tell({event: 'artifact', kind, label, state: 'damaged', detail: `machines do not come back from it: ${why.message}`});
	fs.rmSync(folder, {recursive: true, force: true});
}
