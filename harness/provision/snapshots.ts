/**
 * The snapshots on the way to a claim, each based on the one before: a template is one machine whose engine answers, a cluster
 * a formed swarm, a fixture snapshot a swarm on which a fixture stands.
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
import {
	formSwarm,
	type IngressEnds,
	neighbours,
	preflightAll,
	proveReady,
	untilConnected,
	untilSettled,
} from '../swarm/index.ts';
import {workspace} from '../workspace.ts';
import {cellHandleOf} from './cell-file.ts';
import {fixtureRecipe, makeFixture} from './fixture.ts';
import {artifactsOf, type Context, type FixtureName, type Target} from './request.ts';
import {machineRecipe, type Snapshot} from './snapshot.ts';

const swarmFile = 'swarm.json';
/** Describes the fixture that stands on a swarm. */
const fixtureFileName = 'fixture.json';
/** The same in snapshots that an earlier version made. */
const formerFixtureFileName = 'standing.json';

/** One template for all nodes that are alike. */
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

/** A machine whose engine answers, on a kernel that has what swarm needs. Making it throws NotApplicable. */
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

/** A formed swarm of the cell's nodes. */
export async function clusterSnapshot(target: Target, context: Context): Promise<Snapshot> {
	const {nodes} = target.cell;
	return {
		kind: 'cluster',
		label: clusterLabel(target.cell),
		recipe: await clusterRecipe(target),
		bases: await templateSnapshots(target, context),
		async prepare(up, {folder, onProgress}) {
			// Copies of one engine share its id until it is started anew.
			await Promise.all(up.machines.map(async ({name}) => renewEngine(up, name)));
			const machines = up.machines.map(handle => new Machine(handle));
			const {swarm} = await formSwarm(machines, nodes.length);
			const ends = await untilSettled(machines);
			await untilConnected(machines, ends, async ({name}, command) => up.execOutOfBand(name, command));
			for (const machine of machines) {
				machine.hangUp();
			}

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

/** A formed swarm on which a fixture of a scenario file stands. What that ran into is the cause of making it failing. */
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

/** Lets the nodes of a swarm come to rest: see `limits.settleBeforeSnapshot`. Ends at once when the run does. */
async function settleNodes({signal}: Context, onProgress: (doing: string) => void): Promise<void> {
	onProgress('comes to rest');
	await delay(limits.settleBeforeSnapshot * 1000, undefined, {signal}).catch(() => {});
}

/** The file of a snapshot that describes its fixture. */
export function savedFixtureFile({folder}: {folder: string}): string {
	const file = path.join(folder, fixtureFileName);
	return fs.existsSync(file) ? file : path.join(folder, formerFixtureFileName);
}

/** What is known of the swarm of a cluster snapshot or a fixture snapshot. */
export function readSwarm({folder}: {folder: string}): {swarm: SwarmHandle; ends: IngressEnds} {
	return JSON.parse(fs.readFileSync(path.join(folder, swarmFile), 'utf8')) as {swarm: SwarmHandle; ends: IngressEnds};
}

function clusterLabel(cell: Cell): string {
	const {managers, workers} = countsOf(cell);
	const [kernel, engine] = [uniform(cell, each => each.kernel.label), uniform(cell, each => each.engine.label)];
	return `${kernel} × ${engine} ${managers}m${workers}w`;
}

/** What a formed swarm depends on: its nodes, each with the template that it is a clone of. */
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
