/** A cluster that several scenarios use is looked at after each: it must be as the first one found it. */
import {setTimeout as sleep} from 'node:timers/promises';
import {limits} from '../limits.ts';
import {type Machine, starvedSeconds} from '../machine/index.ts';
import {listNetworks, listNodes} from '../swarm/index.ts';

/** One line for each thing that the next scenario would meet. What stands arranged (by id) is left out: it is meant to. */
export async function tracesOf(machines: readonly Machine[], arranged: ReadonlySet<string>): Promise<string[]> {
	const manager = machines.find(({role}) => role === 'manager');
	if (!manager) {
		return [];
	}

	const [nodes, networks, services, containers] = await Promise.all([
		listNodes(manager),
		listNetworks(manager),
		manager.ask('list services', docker => docker.listServices()),
		Promise.all(machines.map(machine => containersOn(machine, arranged))),
	]);
	return [
		...nodes.map(({name, role, state, availability}) => `node ${name}: ${role}, ${state}, ${availability}`),
		...networks.filter(({id}) => !arranged.has(id)).map(({name}) => `network ${name}`),
		...services.filter(({ID}) => !arranged.has(ID)).map(({Spec}) => `service ${Spec?.Name}`),
		...containers.flat(),
	].sort();
}

/** What came and what went: one sentence each. Pure. */
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
 * What a scenario has changed for good. What was removed may take its time to go, so a difference is looked at again
 * until it is gone or the time is up. Never throws: a cluster that cannot be looked at is not as it was.
 */
export async function changesSince(before: readonly string[], look: () => Promise<string[]>): Promise<string[]> {
	const until = performance.now() + limits.settle * 1000;
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

		await sleep(limits.poll * 2000);
	}
}

async function containersOn(machine: Machine, arranged: ReadonlySet<string>): Promise<string[]> {
	const containers = await machine.ask('list containers', docker => docker.listContainers());
	return containers
		.filter(({Labels}) => !arranged.has(Labels['com.docker.swarm.service.id'] ?? ''))
		.map(({Names}) => `${machine.name}: container ${Names[0]}`);
}
