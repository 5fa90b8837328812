/**
 * The snapshots on the way to a claim: a template is one machine whose engine answers, a cluster a formed swarm, a stage a
 * swarm on which something stands.
 */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {MachineError} from '../errors.ts';
import {limits} from '../limits.ts';
import {connect, Machine} from '../machine/index.ts';
import type {Cell, SwarmHandle} from '../model/index.ts';
import {templateStation} from '../network/lan.ts';
import {project} from '../paths.ts';
import type {MachinesUp} from '../providers/provider.ts';
import type {Artifact} from '../store/cache.ts';
import {
	formSwarm,
	type IngressEnds,
	neighbours,
	preflight,
	proveReady,
	untilConnected,
	untilSettled,
} from '../swarm/index.ts';
import {arrange, arrangementRecipe} from './fixture.ts';
import {ensureFrozen, machineRecipe, type SnapshotRequest} from './snapshot.ts';

const swarmFile = 'swarm.json';
const standingFile = 'standing.json';

/** A machine whose engine answers, on a kernel that has what swarm needs. Throws ArtifactError, NotApplicable. */
export async function ensureTemplate(request: SnapshotRequest): Promise<Artifact> {
	const {cell, artifacts} = request;
	const label = `${cell.kernel.label} × ${cell.engine.label}`;
	return ensureFrozen(request, 'template', label, await machineRecipe(request), {
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
	const artifact = await ensureFrozen(request, 'cluster', clusterLabel(cell), await clusterRecipe(request), {
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
		made: await arrangementRecipe(path.resolve(project, wanted.file)),
	};
	const artifact = await ensureFrozen(request, 'stage', `${clusterLabel(cell)}: ${wanted.name}`, recipe, {
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

async function renewEngine(up: MachinesUp, name: string): Promise<void> {
	const {exitCode, output} = await up.behindItsBack(name, ['/usr/lib/swarmlab/engine', 'renew'], limits.engineRestart);
	if (exitCode !== 0) {
		throw new MachineError(name, `its engine did not start again: ${output}`);
	}
}
