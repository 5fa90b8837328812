/**
 * The snapshots of a swarm's cell, each based on the one before. A template is one machine whose engine answers. A cluster
 * is a formed swarm. A fixture snapshot is a formed swarm with a fixture on it.
 */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {MachineError} from '../errors.ts';
import {limits} from '../limits.ts';
import {connect, Machine} from '../machine/index.ts';
import {type Cell, countsOf, type NodeSpec, type SwarmHandle, uniform} from '../model/index.ts';
import {templateStation} from '../network/lan.ts';
import type {MachinesUp} from '../providers/provider.ts';
import {keyOf} from '../store/cache.ts';
import {type IngressEnds, neighbours, preflightAll, proveReady, untilConnected, untilSettled} from '../swarm/index.ts';
import {workspace} from '../workspace.ts';
import {cellHandleOf} from './cell-file.ts';
import {fixtureRecipe, makeFixture} from './fixture.ts';
import {formCell, hasCommands, mustBoot} from './form-cell.ts';
import {artifactsOf, type Context, type FixtureName, type Target} from './request.ts';
import {machineRecipe, type Snapshot} from './snapshot.ts';

const swarmFile = 'swarm.json';
/** The file that describes the fixture on a swarm. */
const fixtureFileName = 'fixture.json';
/** Its name in snapshots that an earlier version made. */
const formerFixtureFileName = 'standing.json';

/** Returns the templates of a cell's nodes: one for all nodes that are alike. */
export async function templateSnapshots(target: Target, context: Context): Promise<Snapshot[]> {
	const recipes = await Promise.all(
		target.cell.nodes.map(async node => ({node, recipe: await machineRecipe(target, node)})),
	);
	const alike = Map.groupBy(recipes, ({recipe}) => templateKey(recipe));
	return [...alike.values()].map(each =>
		templateSnapshot(
			target,
			each.map(({node}) => node),
			each[0]!.recipe,
			context,
		),
	);
}

/** Returns the snapshot of a machine whose engine answers. Making it throws NotApplicable if the kernel is unfit for swarm. */
function templateSnapshot(
	target: Target,
	nodes: readonly NodeSpec[],
	recipe: Record<string, unknown>,
	{signal}: Context,
): Snapshot {
	const first = nodes[0]!;
	const node = {...first, name: templateStation.name, role: templateStation.role};
	return {
		kind: 'template',
		label: `${node.kernel.label} × ${node.engine.label}`,
		recipe,
		machines: [{station: templateStation, node, artifacts: artifactsOf(target, first)}],
		async prepare(up) {
			const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal})));
			await preflightAll(machines, [node]);
			await Promise.all(machines.map(async machine => machine.disconnect()));
		},
		restoreFrom: ({folder}) =>
			Object.fromEntries(nodes.map(({name}) => [name, {folder, template: templateStation.name}])),
	};
}

/** Returns the snapshot of a formed swarm of the cell's nodes. */
export async function clusterSnapshot(target: Target, context: Context): Promise<Snapshot> {
	const {nodes} = target.cell;
	const booted = mustBoot(target.cell);
	return {
		kind: 'cluster',
		label: clusterLabel(target.cell),
		recipe: await clusterRecipe(target),
		...(!booted && {bases: await templateSnapshots(target, context)}),
		async prepare(up, {folder, onProgress}) {
			const bySsh = booted || hasCommands(target.cell);
			const {signal} = context;
			const machines = await Promise.all(
				up.machines.map(async handle => (bySsh ? connect(handle, {signal}) : new Machine(handle))),
			);
			if (booted) {
				await preflightAll(machines, nodes);
			} else {
				// Clones of one template share the id of its engine until their engine is restarted.
				await Promise.all(up.machines.map(async ({name}) => renewEngine(up, name)));
			}

			const {swarm} = await formCell(machines, target.cell);
			const ends = await untilSettled(machines);
			await untilConnected(machines, ends, async ({name}, command) => up.execOutOfBand(name, command));
			await Promise.all(machines.map(async machine => (bySsh ? machine.disconnect() : machine.hangUp())));

			fs.writeFileSync(path.join(folder, swarmFile), `${JSON.stringify({swarm, ends}, undefined, '\t')}\n`);
			await settleNodes(context, onProgress);
		},
		restoreFrom(artifact) {
			const {folder} = artifact;
			const others = neighbours(readSwarm(artifact).ends);
			return Object.fromEntries(
				nodes.map(({name}) => [name, {folder, ...(others[name] && {neighbour: others[name]})}]),
			);
		},
	};
}

/** Returns the snapshot of a formed swarm with a fixture of a scenario file. Making it throws the error of the fixture. */
export async function fixtureSnapshot(target: Target, wanted: FixtureName, context: Context): Promise<Snapshot> {
	const {cell} = target;
	const base = await clusterSnapshot(target, context);
	return {
		kind: 'fixture',
		label: `${clusterLabel(cell)}: ${wanted.name}`,
		recipe: {
			cluster: await clusterRecipe(target),
			name: wanted.name,
			made: await fixtureRecipe(path.resolve(workspace, wanted.file)),
		},
		bases: [base],
		async prepare(up, {folder, bases: [cluster], scratch, onProgress}) {
			const machines = up.machines.map(handle => new Machine(handle));
			await proveReady(machines);
			await makeFixture(
				{...wanted, fixtureFile: path.join(folder, fixtureFileName)},
				cellHandleOf(
					{run: context.lease.id, cell, folder: scratch},
					{up, subject: {swarm: readSwarm(cluster!).swarm}, origin: 'cluster snapshot'},
				),
				context.signal,
			);
			await Promise.all(machines.map(async machine => machine.disconnect()));
			fs.copyFileSync(path.join(cluster!.folder, swarmFile), path.join(folder, swarmFile));
			await settleNodes(context, onProgress);
		},
		restoreFrom: base.restoreFrom,
	};
}

/** Waits so that the nodes of a swarm come to rest: see `limits.settleBeforeSnapshot`. Returns at once if the run is aborted. */
async function settleNodes({signal}: Context, onProgress: (doing: string) => void): Promise<void> {
	onProgress('comes to rest');
	await delay(limits.settleBeforeSnapshot * 1000, undefined, {signal}).catch(() => {});
}

/** Returns the file of a snapshot that describes its fixture. */
export function savedFixtureFile({folder}: {folder: string}): string {
	const file = path.join(folder, fixtureFileName);
	return fs.existsSync(file) ? file : path.join(folder, formerFixtureFileName);
}

/** Reads the description of the swarm in a cluster snapshot or a fixture snapshot. */
export function readSwarm({folder}: {folder: string}): {swarm: SwarmHandle; ends: IngressEnds} {
	return JSON.parse(fs.readFileSync(path.join(folder, swarmFile), 'utf8')) as {swarm: SwarmHandle; ends: IngressEnds};
}

function clusterLabel(cell: Cell): string {
	const {managers, workers} = countsOf(cell);
	const [kernel, engine] = [uniform(cell, each => each.kernel.label), uniform(cell, each => each.engine.label)];
	return `${kernel} × ${engine} ${managers}m${workers}w`;
}

/** Returns what a formed swarm depends on: its nodes, each with the template that it is cloned from. */
async function clusterRecipe(target: Target): Promise<Record<string, unknown>> {
	const nodes = target.cell.nodes.map(async node => ({
		name: node.name,
		role: node.role,
		template: templateKey(await machineRecipe(target, node)),
	}));
	return {nodes: await Promise.all(nodes)};
}

function templateKey(recipe: Record<string, unknown>): string {
	return keyOf('template', recipe);
}

async function renewEngine(up: MachinesUp, name: string): Promise<void> {
	const {exitCode, output} = await up.execOutOfBand(name, ['/usr/lib/swarmlab/engine', 'renew'], limits.engineRestart);
	if (exitCode !== 0) {
		throw new MachineError(name, `its engine did not start again: ${output}`);
	}
}
