/** A node of a swarm gets another engine. */
import {limits} from '../limits.ts';
import {type Machine, upgradeMachine, waitUntil} from '../machine/index.ts';
import type {Engine} from '../model/index.ts';
import {listNodes} from '../swarm/index.ts';

export interface UpgradeOptions {
	engine: Engine;
	/** The manager that reports when the node is Ready. */
	viewer: Machine;
	/** Runs while the machine is down. */
	whileDown?: (() => Promise<void>) | undefined;
}

/** Upgrades a machine. Returns the seconds until its node is Ready with the engine. Throws MachineError, NotProvenError. */
export async function upgradeNode(machine: Machine, {engine, viewer, whileDown}: UpgradeOptions): Promise<number> {
	const start = performance.now();
	await upgradeMachine(machine, engine.label, whileDown);
	await waitUntil(
		`${viewer.name} sees ${machine.name} Ready with Docker ${engine.version}`,
		async () => {
			const nodes = (await listNodes(viewer)).filter(({name}) => name === machine.name);
			return nodes.some(node => node.state === 'ready' && node.engine.startsWith(engine.version))
				? {done: true, value: undefined}
				: {done: false, seen: nodes.map(node => `${node.state} with ${node.engine}`).join(', ')};
		},
		{limit: limits.formSwarm},
	);
	return (performance.now() - start) / 1000;
}
