/** Compares a shared cluster after each scenario with how the first scenario found it: it must be the same. */
import {setTimeout as sleep} from 'node:timers/promises';
import {limits} from '../limits.ts';
import {type Machine, starvedSeconds} from '../machine/index.ts';
import {deleteDeadNamespaces, listNetworks, listNodes, type NodeSight, readSight} from '../swarm/index.ts';

/** Ids of the networks and services of the cluster's fixture. */
export type FixtureIds = ReadonlySet<string>;

/**
 * Returns one line for each thing that the next scenario would find: nodes, services, networks, containers, and on every node
 * the namespaces and the rules for published ports, which an engine still removes after it has answered.
 * The fixture is left out, because it stays on purpose. Files of namespaces that are gone are deleted as a side effect.
 */
export async function tracesOf(machines: readonly Machine[], fixtureIds: FixtureIds): Promise<string[]> {
	const manager = machines.find(({role}) => role === 'manager');
	if (!manager) {
		return [];
	}

	const [nodes, services] = await Promise.all([
		listNodes(manager),
		manager.ask('list services', docker => docker.listServices()),
	]);
	const meant = services.filter(({ID}) => fixtureIds.has(ID));
	const ports = new Set(meant.flatMap(portsOf));
	const perNode = await Promise.all(machines.map(machine => tracesOn(machine, fixtureIds, ports)));
	return [
		...nodes.map(({name, role, state, availability}) => `node ${name}: ${role}, ${state}, ${availability}`),
		...services.filter(({ID}) => !fixtureIds.has(ID)).map(({Spec}) => `service ${Spec?.Name}`),
		...perNode.flat(),
	].sort();
}

async function tracesOn(machine: Machine, fixtureIds: FixtureIds, ports: ReadonlySet<string>): Promise<string[]> {
	const [networks, containers, sight] = await Promise.all([
		listNetworks(machine),
		machine.ask('list containers', docker => docker.listContainers({all: true})),
		readSight(machine),
	]);
	await deleteDeadNamespaces(
		machine,
		sight,
		networks.map(({id}) => id),
	);
	const lines = [
		...networks.filter(({id}) => !fixtureIds.has(id)).map(({name}) => `network ${name}`),
		...containers
			.filter(({Labels}) => !fixtureIds.has(Labels['com.docker.swarm.service.id'] ?? ''))
			.map(({Names}) => `container ${Names[0]}`),
		...namespacesOf(sight, fixtureIds).map(name => `namespace ${name}`),
		...[...portsIn(sight)].filter(port => !ports.has(port)).map(port => `rules for the published port ${port}`),
	];
	return lines.map(line => `${machine.name}: ${line}`);
}

function namespacesOf({balancers, overlays}: NodeSight, fixtureIds: FixtureIds): string[] {
	const own = [...fixtureIds].flatMap(id => [id.slice(0, 9), id.slice(0, 10)]);
	return [
		...[...balancers.keys()].filter(key => !own.includes(key)).map(key => (key === 'ingress' ? key : `lb_${key}`)),
		...[...overlays.keys()].filter(key => !own.includes(key)).map(key => `of the overlay ${key}`),
	];
}

function portsIn({balancers, meshRules, hostRules}: NodeSight): Set<string> {
	return new Set([...meshRules, ...hostRules, ...(balancers.get('ingress')?.marksByPort.keys() ?? [])]);
}

interface WithPorts {
	Endpoint?:
		| {Ports?: Array<{PublishedPort?: number | undefined; Protocol?: string | undefined}> | undefined}
		| undefined;
}

function portsOf({Endpoint}: WithPorts): string[] {
	return (Endpoint?.Ports ?? []).map(({Protocol = 'tcp', PublishedPort}) => `${Protocol} ${PublishedPort}`);
}

/** Returns what was added and what is missing, one sentence each. Pure. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
	const left = [...before];
	const came = after.filter(line => {
		const index = left.indexOf(line);
		if (index >= 0) {
			left.splice(index, 1);
		}

		return index < 0;
	});
	return [...came.map(line => `there is now: ${line}`), ...left.map(line => `there is no more: ${line}`)];
}

/**
 * Returns what a scenario changed for good. Removal may take some time, so a difference is checked again until it is gone or
 * the time is up. Never throws: a cluster that cannot be read counts as changed.
 */
export async function changesSince(before: readonly string[], look: () => Promise<string[]>): Promise<string[]> {
	const until = performance.now() + limits.removal * 1000;
	const starvedBefore = starvedSeconds();
	for (;;) {
		let found: string[];
		try {
			found = differences(before, await look());
		} catch (error) {
			found = [`it cannot be looked at: ${(error as Error).message}`];
		}

		if (found.length === 0 || performance.now() > until + (starvedSeconds() - starvedBefore) * 1000) {
			return found;
		}

		await sleep(limits.pollInterval * 2000);
	}
}
