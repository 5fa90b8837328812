/** The ways to a formed swarm: a saved fixture, a saved cluster, clones of a template, a boot. */
import {connect, Machine} from '../machine/index.ts';
import type {MachinesUp} from '../providers/provider.ts';
import {formSwarm, preflight, proveReady, untilSettled} from '../swarm/index.ts';
import type {ProvisionRequest} from './request.ts';
import {clusterSnapshot, fixtureSnapshot, readSwarm, savedFixtureFile, templateSnapshot} from './snapshots.ts';
import type {Proceed, Ways} from './ways.ts';

export function swarmWays(request: ProvisionRequest): Ways {
	const {quickest, target, fixture, context} = request;
	const {topology} = target.cell;
	const clones: Ways['restored'] = {
		origin: 'clones of a template',
		snapshot: async () => templateSnapshot(target, context),
		proceed: () => async up => {
			context.log.stage('swarm');
			return formSwarm(machinesOf(up), topology);
		},
	};
	const saved: Ways['restored'] = {
		origin: fixture ? 'fixture snapshot' : 'cluster snapshot',
		snapshot: async () => (fixture ? fixtureSnapshot(target, fixture, context) : clusterSnapshot(target, context)),
		proceed: artifact => async up => {
			context.log.stage('swarm');
			await proveReady(machinesOf(up));
			const {swarm} = readSwarm(artifact);
			return {swarm, metrics: {}, ...(fixture && {fixtureFile: savedFixtureFile(artifact)})};
		},
	};
	return {
		restored: quickest === 'clones of a template' ? clones : saved,
		booted: coldBoot(request),
		instead: 'booting',
	};
}

function coldBoot({target: {cell}, context: {signal, log}}: ProvisionRequest): Proceed {
	return async up => {
		const machines = await Promise.all(up.machines.map(async handle => connect(handle, {signal})));
		log.stage('preflight');
		await Promise.all(machines.map(async machine => preflight(machine, cell.kernel, cell.engine)));
		signal.throwIfAborted();
		log.stage('swarm');
		const {swarm, metrics} = await formSwarm(machines, cell.topology);
		// Its ingress network comes a moment later; a look before that takes it for something that a scenario left.
		await untilSettled(machines);
		return {swarm, metrics};
	};
}

function machinesOf({machines}: MachinesUp): Machine[] {
	return machines.map(handle => new Machine(handle));
}
