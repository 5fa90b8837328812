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
import type {Cell, SwarmHandle} from '../model/index.ts';
import {templateStation} from '../network/lan.ts';
import {project} from '../paths.ts';
import type {MachinesUp} from '../providers/provider.ts';
import {
	formSwarm,
	type IngressEnds,
	neighbours,
	preflight,
	proveReady,
	untilConnected,
	untilSettled,
} from '../swarm/index.ts';
import {fixtureRecipe, makeFixture} from './fixture.ts';
import type {Context, FixtureName, Target} from './request.ts';
import {machineRecipe, type Snapshot} from './snapshot.ts';

const swarmFile = 'swarm.json';
/** Describes the fixture that stands on a swarm. */
const fixtureFileName = 'fixture.json';
/** The same in snapshots that an earlier version made. */
const formerFixtureFileName = 'standing.json';

/** A machine whose engine answers, on a kernel that has what swarm needs. Making it throws NotApplicable. */
export async function templateSnapshot(target: Target, {signal}: Context): Promise<Snapshot> {
	const {kernel, engine} = target.cell;
	return {
		kind: 'template',
		label: `${kernel.label} × ${engine.label}`,
		recipe: await machineRecipe(target),
		stations: [templateStation],
		async make(up) {
			const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal})));
			await Promise.all(machines.map(async machine => preflight(machine, kernel, engine)));
			await Promise.all(machines.map(async machine => machine.disconnect()));
		},
		saved: ({folder}) => ({folder, template: templateStation.name}),
	};
}

/** A formed swarm of the cell's topology. */
export async function clusterSnapshot(target: Target, context: Context): Promise<Snapshot> {
	const {topology} = target.cell;
	return {
		kind: 'cluster',
		label: clusterLabel(target.cell),
		recipe: await clusterRecipe(target),
		base: await templateSnapshot(target, context),
		async make(up, {folder, say}) {
			// Copies of one engine share its id until it is started anew.
			await Promise.all(up.machines.map(async ({name}) => renewEngine(up, name)));
			const machines = up.machines.map(handle => new Machine(handle));
			const {swarm} = await formSwarm(machines, topology);
			const ends = await untilSettled(machines);
			await untilConnected(machines, ends, async ({name}, command) => up.execOutOfBand(name, command));
			for (const machine of machines) {
				machine.hangUp();
			}

			fs.writeFileSync(path.join(folder, swarmFile), `${JSON.stringify({swarm, ends}, undefined, '\t')}\n`);
			await untilCalm(context, say);
		},
		saved: artifact => ({folder: artifact.folder, neighbours: neighbours(readSwarm(artifact).ends)}),
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
			made: await fixtureRecipe(path.resolve(project, wanted.file)),
		},
		base,
		async make(up, {folder, base: cluster, scratch, say}) {
			const machines = up.machines.map(handle => new Machine(handle));
			await proveReady(machines);
			await makeFixture(
				wanted,
				{
					run: context.lease.id,
					cell,
					machines: up.machines,
					swarm: readSwarm(cluster!).swarm,
					folder: scratch,
					results: '',
					filter: [],
					repetition: 1,
					origin: 'cluster snapshot',
					fixtureFile: path.join(folder, fixtureFileName),
				},
				context.signal,
			);
			await Promise.all(machines.map(async machine => machine.disconnect()));
			fs.copyFileSync(path.join(cluster!.folder, swarmFile), path.join(folder, swarmFile));
			await untilCalm(context, say);
		},
		saved: base.saved,
	};
}

/** Lets the nodes of a swarm come to rest: see `limits.calm`. Ends at once when the run does. */
async function untilCalm({signal}: Context, say: (doing: string) => void): Promise<void> {
	say('comes to rest');
	await delay(limits.calm * 1000, undefined, {signal}).catch(() => {});
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

function clusterLabel({kernel, engine, topology: {managers, workers}}: Cell): string {
	return `${kernel.label} × ${engine.label} ${managers}m${workers}w`;
}

async function clusterRecipe(target: Target): Promise<Record<string, unknown>> {
	const {managers, workers} = target.cell.topology;
	return {template: await machineRecipe(target), managers, workers};
}

async function renewEngine(up: MachinesUp, name: string): Promise<void> {
	const {exitCode, output} = await up.execOutOfBand(name, ['/usr/lib/swarmlab/engine', 'renew'], limits.engineRestart);
	if (exitCode !== 0) {
		throw new MachineError(name, `its engine did not start again: ${output}`);
	}
}
