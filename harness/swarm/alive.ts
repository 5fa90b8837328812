/** Checks whether a swarm is complete: before its snapshot is saved, and after it is restored. */
import {limits} from '../limits.ts';
import {type Machine, nsenter, waitUntil} from '../machine/index.ts';
import {lookForNodes} from './nodes.ts';

/** Addresses of the nodes' endpoints on the ingress network, by the machine's name. */
export type IngressEnds = Record<string, string>;

/**
 * Waits until every node has its endpoint on the ingress network. That is the last thing that a node gets after it is Ready:
 * from then on a swarm changes nothing by itself. Throws WaitError.
 */
export async function untilSettled(machines: readonly Machine[]): Promise<IngressEnds> {
	const ends = await Promise.all(
		machines.map(async machine =>
			waitUntil(
				`${machine.name} is on the ingress network`,
				async () => {
					const address = (await hasGateway(machine)) ? await ingressAddress(machine) : undefined;
					return address
						? {done: true, value: [machine.name, address] as const}
						: {done: false, seen: 'the network is not there, or has no end or no way out on this node'};
				},
				{limit: limits.formSwarm, ours: true},
			),
		),
	);
	return Object.fromEntries(ends.map(({value}) => value));
}

/** Runs a command on a machine, by a way that the caller chooses. */
export type Execute = (machine: Machine, command: readonly string[]) => Promise<{exitCode: number; output: string}>;

/**
 * Waits until every node gets a packet back from every node's endpoint. Nodes learn of each other's endpoints by gossip. A
 * node that missed it learns by the next full exchange, up to 30 s later (moby libnetwork/networkdb: bulkSyncTables). If the
 * snapshot were saved before, each restore would wait for that. Throws WaitError or what `execute` throws.
 */
export async function untilConnected(machines: readonly Machine[], ends: IngressEnds, execute: Execute): Promise<void> {
	const command = pingAll(Object.values(ends), '/var/run/docker/netns/ingress_sbox');
	await Promise.all(
		machines.map(async machine =>
			waitUntil(
				`the overlay carries packets from ${machine.name} to every node`,
				async () => {
					const {exitCode, output} = await execute(machine, command);
					return exitCode === 0 ? {done: true, value: undefined} : {done: false, seen: output.replaceAll('\n', ' ')};
				},
				{limit: limits.formSwarm, ours: true},
			),
		),
	);
}

/**
 * Returns the words of a command that pings every address, in the network namespace of a file. All programs are busybox,
 * because under emulation a static program starts ten times faster.
 */
export function pingAll(addresses: readonly string[], namespace: string): string[] {
	const pings = addresses.map(address => `/bin/busybox ping -q -c 1 -W 1 ${address}`);
	return ['/bin/busybox', ...nsenter([`--net=${namespace}`], ['/bin/busybox', 'sh', '-c', pings.join(' && ')])];
}

/** Returns the address that each machine must reach before it counts as alive: the endpoint of the next machine, in a circle. */
export function neighbours(ends: IngressEnds): IngressEnds {
	const names = Object.keys(ends);
	return Object.fromEntries(names.map((name, index) => [name, ends[names[(index + 1) % names.length]!]!]));
}

/**
 * Waits until all nodes are Ready and one of them leads. The machines themselves have proven before that each engine answers
 * and that an overlay carries a packet from each node to the next and back (`SavedMachine.neighbour`). Under emulation a
 * request from outside costs them several times as much, and an `info` costs 1.5 s (it starts runc and docker-init for their
 * versions).
 * Throws WaitError with what was missing, MachineError or EngineError.
 */
export async function proveReady(machines: readonly Machine[]): Promise<void> {
	const manager = machines.find(({role}) => role === 'manager')!;
	const names = machines.map(({name}) => name);
	await waitUntil(
		'all nodes are Ready and one leads',
		async () => {
			const found = await lookForNodes(manager, names, 'ready')();
			return 'value' in found && !found.value.some(({leader}) => leader) ? {done: false, seen: 'no node leads'} : found;
		},
		{limit: limits.restoreProof, ours: true},
	);
}

/** Whether the node has the bridge by which overlays reach the outside. The engine makes it with the first overlay endpoint. */
async function hasGateway(machine: Machine): Promise<boolean> {
	return (
		(await machine.find('inspect the gateway', docker => docker.getNetwork('docker_gwbridge').inspect())) !== undefined
	);
}

/** Returns the address of the node's endpoint on the ingress network; undefined while it has none. */
async function ingressAddress(machine: Machine): Promise<string | undefined> {
	const network = await machine.find('inspect the ingress network', docker => docker.getNetwork('ingress').inspect());
	const end = (network?.Containers as Record<string, {IPv4Address: string}> | undefined)?.['ingress-sbox'];
	return end?.IPv4Address.replace(/\/.*$/, '');
}
