/** The ways to a formed swarm: a saved fixture, a saved cluster, clones of a template, a boot. */
import {connect, Machine} from '../machine/index.ts';
import type {MachinesUp} from '../providers/provider.ts';
import {preflightAll, proveReady, untilSettled} from '../swarm/index.ts';
import {formCell, mustBoot} from './form-cell.ts';
import type {SetUp, Ways} from './methods.ts';
import type {ProvisionRequest} from './request.ts';
import {clusterSnapshot, fixtureSnapshot, readSwarm, savedFixtureFile, templateSnapshots} from './snapshots.ts';

export function swarmWays(request: ProvisionRequest): Ways {
	const {preferredOrigin, target, fixture, context} = request;
	const clones: Ways['restored'] = {
		origin: 'clones of a template',
		snapshots: async () => templateSnapshots(target, context),
		setUp: () => async up => {
			context.log.stage('swarm');
			const {swarm, metrics} = await formCell(asMachines(up), target.cell);
			return {subject: {swarm}, metrics};
		},
	};
	const saved: Ways['restored'] = {
		origin: fixture ? 'fixture snapshot' : 'cluster snapshot',
		snapshots: async () => [
			await (fixture ? fixtureSnapshot(target, fixture, context) : clusterSnapshot(target, context)),
		],
		setUp: artifacts => async up => {
			const [artifact] = artifacts;
			context.log.stage('swarm');
			await proveReady(asMachines(up));
			const {swarm} = readSwarm(artifact!);
			return {subject: {swarm}, metrics: {}, ...(fixture && {fixtureFile: savedFixtureFile(artifact!)})};
		},
	};
	const isCloned = preferredOrigin === 'clones of a template';
	const restored = isCloned ? clones : saved;
	return {
		...(!(isCloned && mustBoot(target.cell)) && {restored}),
		booted: coldBoot(request),
		fallback: 'booting',
	};
}

function coldBoot({target: {cell}, context: {signal, log}}: ProvisionRequest): SetUp {
	return async up => {
		const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal})));
		log.stage('preflight');
		await preflightAll(machines, cell.nodes);
		signal.throwIfAborted();
		log.stage('swarm');
		const {swarm, metrics} = await formCell(machines, cell);
		// The ingress network of the swarm appears a moment later. A check before that would take it for a scenario's leftover.
		await untilSettled(machines);
		return {subject: {swarm}, metrics};
	};
}

function asMachines({machines}: MachinesUp): Machine[] {
	return machines.map(handle => new Machine(handle));
}
