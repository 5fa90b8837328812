/**
 * Machines that stand still, kept like any artifact: found by all that went into them, made once under a lock, verified
 * before use. A template is one machine whose engine answers; a cluster is a formed swarm of a topology.
 */
import fs from 'node:fs';
import {statfs} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {ArtifactError, explain, MachineError, NotApplicable} from '../errors.ts';
import {type Artifact, ensureArtifact, keyOf} from '../images/cache.ts';
import {evictSnapshots} from '../images/evict.ts';
import {readManifest} from '../images/manifest.ts';
import {limits} from '../limits.ts';
import {connect, Machine, patiently} from '../machine/index.ts';
import type {ArtifactKind, Cell, Reason, SwarmHandle} from '../model.ts';
import {stations, templateStation} from '../network/lan.ts';
import * as paths from '../paths.ts';
import {type Lease, leaseFolder} from '../processes/leases.ts';
import type {CellArtifacts, MachinesUp} from '../providers/provider.ts';
import {providers} from '../providers/providers.ts';
import type {NewEvent} from '../record/record.ts';
import {formSwarm} from '../swarm/form.ts';
import {type IngressEnds, neighbours, proveReady, untilConnected, untilSettled} from '../swarm/index.ts';
import {preflight} from '../swarm/preflight.ts';
import {arrange, arrangementSources} from './arrange.ts';

/** What is wanted, and by whom. */
export interface SnapshotRequest {
	cell: Cell;
	artifacts: CellArtifacts;
	/** For the consoles of machines that are only brought up to be frozen. */
	folder: string;
	lease: Lease;
	signal: AbortSignal;
	tell(event: NewEvent): void;
}

/** Raised when machines are frozen in another way, so that older ones are of no use. */
const format = 5;

/** Days. A swarm's certificates last for 90 (moby, swarmkit ca.DefaultNodeCertExpiration); a young one is asked less. */
const youth = 14;

/** A machine whose engine answers, with the modules that swarm needs loaded. Throws ArtifactError, NotApplicable. */
export async function ensureTemplate(request: SnapshotRequest): Promise<Artifact> {
	const {cell, artifacts} = request;
	return ensure(request, 'template', `${cell.kernel.label} × ${cell.engine.label}`, await machineRecipe(request), {
		async make(up) {
			const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal: request.signal})));
			await Promise.all(machines.map(async machine => preflight(machine, cell.kernel, cell.engine)));
			await Promise.all(machines.map(async machine => machine.disconnect()));
		},
		bringUp: {stations: [templateStation], artifacts},
	});
}

/** A snapshot of a formed swarm. */
export interface FrozenSwarm extends Artifact {
	swarm: SwarmHandle;
	ends: IngressEnds;
	/** Of a stage: what describes what stands on it. */
	standing?: string;
}

/** A formed swarm of the cell's topology. Throws ArtifactError, NotApplicable. */
export async function ensureCluster(request: SnapshotRequest): Promise<FrozenSwarm> {
	const {cell, artifacts} = request;
	const template = await ensureTemplate(request);
	const artifact = await ensure(request, 'cluster', clusterLabel(cell), await clusterRecipe(request), {
		async make(up, folder, say) {
			// Copies of one engine share its id until it is started anew.
			await Promise.all(up.machines.map(async ({name}) => renewEngine(up, name)));
			const machines = up.machines.map(handle => new Machine(handle));
			const {swarm} = await formSwarm(machines, cell.topology);
			const ends = await untilSettled(machines);
			await untilConnected(machines, ends, async ({name}, command) => up.behindItsBack(name, command));
			for (const machine of machines) {
				machine.hangUp();
			}

			fs.writeFileSync(path.join(folder, swarmFile), `${JSON.stringify({swarm, ends}, undefined, '\t')}\n`);
			await untilCalm(request, say);
		},
		bringUp: {artifacts, from: {folder: template.folder, template: templateStation.name}},
	});
	return {...artifact, ...readSwarm(artifact)};
}

/**
 * A formed swarm on which an arrangement of a scenario file stands. Throws ArtifactError (what the arrangement ran into
 * is its cause), NotApplicable.
 */
export async function ensureStage(
	request: SnapshotRequest,
	wanted: {name: string; file: string},
): Promise<FrozenSwarm> {
	const {cell, artifacts} = request;
	const cluster = await ensureCluster(request);
	const recipe = {
		cluster: await clusterRecipe(request),
		name: wanted.name,
		sources: await arrangementSources(wanted.file),
	};
	const artifact = await ensure(request, 'stage', `${clusterLabel(cell)}: ${wanted.name}`, recipe, {
		async make(up, folder, say) {
			const machines = up.machines.map(handle => new Machine(handle));
			await proveReady(machines);
			await arrange(
				wanted,
				{
					run: request.lease.id,
					cell,
					machines: up.machines,
					swarm: cluster.swarm,
					folder: path.join(request.folder, 'stage'),
					results: '',
					filter: [],
					repetition: 1,
					origin: 'frozen cluster',
					standing: path.join(folder, standingFile),
				},
				request.signal,
			);
			await Promise.all(machines.map(async machine => machine.disconnect()));
			fs.copyFileSync(path.join(cluster.folder, swarmFile), path.join(folder, swarmFile));
			await untilCalm(request, say);
		},
		bringUp: {artifacts, from: {folder: cluster.folder, neighbours: neighbours(cluster.ends)}},
	});
	return {...artifact, ...readSwarm(artifact), standing: path.join(artifact.folder, standingFile)};
}

/** Lets the nodes of a swarm come to rest: see `limits.calm`. Ends at once when the run does. */
async function untilCalm({signal}: SnapshotRequest, say: (doing: string) => void): Promise<void> {
	say('comes to rest');
	await delay(limits.calm * 1000, undefined, {signal}).catch(() => {});
}

function readSwarm({folder}: Artifact): Pick<FrozenSwarm, 'swarm' | 'ends'> {
	return JSON.parse(fs.readFileSync(path.join(folder, swarmFile), 'utf8')) as Pick<FrozenSwarm, 'swarm' | 'ends'>;
}

function clusterLabel({kernel, engine, topology: {managers, workers}}: Cell): string {
	return `${kernel.label} × ${engine.label} ${managers}m${workers}w`;
}

async function clusterRecipe(request: SnapshotRequest): Promise<Record<string, unknown>> {
	const {managers, workers} = request.cell.topology;
	return {template: await machineRecipe(request), managers, workers};
}

/** A snapshot that machines did not come back from is not tried again: the next one who wants it makes it anew. */
export function discard(
	{folder, kind, label}: {folder: string; kind: ArtifactKind; label: string},
	why: Reason,
	{tell}: SnapshotRequest,
): void {
	tell({event: 'artifact', kind, label, state: 'damaged', detail: `machines do not come back from it: ${why.message}`});
	fs.rmSync(folder, {recursive: true, force: true});
}

/** What all snapshots may take: those used least recently go first, and those that nobody wanted for so many days. */
const room = {bytes: 24 * 1024 ** 3, days: youth};

const swarmFile = 'swarm.json';
const standingFile = 'standing.json';

/** What every frozen machine depends on. */
export async function machineRecipe({cell, artifacts}: SnapshotRequest): Promise<Record<string, unknown>> {
	const provider = await providers[cell.provider].frozenRecipe!(cell, artifacts);
	// By content: an artifact that had to be built anew has the same key, but not the same blocks on its disk.
	return {
		format,
		provider,
		kernel: await contents(artifacts.kernel.vmlinuz),
		engine: await contents(artifacts.engine.disk),
	};
}

async function contents(file: string): Promise<Record<string, string>> {
	const manifest = await readManifest(path.dirname(file));
	return Object.fromEntries(Object.entries(manifest?.files ?? {}).map(([name, {sha256}]) => [name, sha256]));
}

interface Making {
	/** What is done with the machines before they are frozen. */
	make(up: MachinesUp, folder: string, say: (doing: string) => void): Promise<void>;
	bringUp: Pick<Parameters<(typeof providers)[Cell['provider']]['up']>[0], 'stations' | 'artifacts' | 'from'>;
}

/** The artifact of machines that stand still. Throws ArtifactError, NotApplicable. */
export async function ensure(
	request: SnapshotRequest,
	kind: 'template' | 'cluster' | 'stage',
	label: string,
	recipe: Record<string, unknown>,
	{make, bringUp}: Making,
): Promise<Artifact> {
	const {cell, lease, signal, tell} = request;
	const makeOnce = async (folder: string, say: (doing: string) => void, consoles: string) => {
		await requireRoom(folder, cell.topology.memory * (bringUp.stations ?? stations(cell.topology)).length);
		const runtime = leaseFolder(
			lease,
			path.join(paths.runtime, `${lease.id}-${kind}-${keyOf(kind, recipe).slice(0, 6)}`),
		);
		fs.mkdirSync(consoles, {recursive: true});
		const up = await providers[cell.provider].up({
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
			await up.freeze();
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

			const reason: Reason = {message: error.message.split('\n')[0]!, type: error.name, details: explain(error)};
			tell({event: 'infrastructure-retry', cell: cell.id, reason});
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

/** A machine whose memory file meets a full disk is killed by the host's kernel (SIGBUS): better to know before. */
async function requireRoom(folder: string, mebibytes: number): Promise<void> {
	const {bavail, bsize} = await statfs(folder);
	const free = Math.floor((bavail * bsize) / 1024 / 1024);
	if (free < mebibytes) {
		throw new ArtifactError(
			`A snapshot needs ${mebibytes} MiB under ${path.dirname(folder)}, where ${free} MiB are free`,
			{
				remedy: 'Make room: swarmlab images prune. Or set SWARMLAB_CACHE to a folder on a larger disk.',
			},
		);
	}
}

async function renewEngine(up: MachinesUp, name: string): Promise<void> {
	const {exitCode, output} = await up.behindItsBack(name, ['/usr/lib/swarmlab/engine', 'renew'], limits.engineRestart);
	if (exitCode !== 0) {
		throw new MachineError(name, `its engine did not start again: ${output}`);
	}
}
