/** Whether a swarm that comes back from memory lives. */
import {limits} from '../limits.ts';
import {type Machine, nsenter, waitUntil} from '../machine/index.ts';
import {lookForNodes} from './nodes.ts';

/** Addresses of the nodes' ends of the ingress network, by the machine's name. */
export type IngressEnds = Record<string, string>;

/**
 * Waits until every node has its end of the ingress network, the last thing that comes after it is Ready: from then on
 * a swarm changes nothing by itself. Throws WaitError.
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

/** Runs a command on a machine; by which way is the caller's choice. */
export type Execute = (machine: Machine, command: readonly string[]) => Promise<{exitCode: number; output: string}>;

/**
 * Waits until a packet comes back from every node's end to every node. Nodes are told of each other's ends by gossip, and one
 * that missed it is told by the next exchange of everything, up to 30 s later (moby libnetwork/networkdb: bulkSyncTables):
 * a swarm that is frozen before would do that waiting at each restore. Throws WaitError or what `execute` throws.
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
 * Words that ask every address for an answer, in a network namespace that is a file. Of busybox altogether: under emulation
 * a static program starts ten times faster.
 */
export function pingAll(addresses: readonly string[], namespace: string): string[] {
	const pings = addresses.map(address => `/bin/busybox ping -q -c 1 -W 1 ${address}`);
	return ['/bin/busybox', ...nsenter([`--net=${namespace}`], ['/bin/busybox', 'sh', '-c', pings.join(' && ')])];
}

/** Whom each machine has to reach before it counts as alive: the next one's end, in a circle. */
export function neighbours(ends: IngressEnds): IngressEnds {
	const names = Object.keys(ends);
	return Object.fromEntries(names.map((name, index) => [name, ends[names[(index + 1) % names.length]!]!]));
}

/**
 * Proves that all nodes are Ready and that one of them leads. That each engine answers, and that an overlay carries a packet
 * from each node to the next and back, the machines have proven by themselves by then (`SavedMachine.neighbour`): under
 * emulation a question from outside costs them several times as much, and an `info` one and a half seconds (it starts
 * runc and docker-init for their versions).
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

/** The bridge by which a node's overlays reach the outside: made with the first end of one. */
async function hasGateway(machine: Machine): Promise<boolean> {
	return (
		(await machine.find('inspect the gateway', docker => docker.getNetwork('docker_gwbridge').inspect())) !== undefined
	);
}

/** Of the node's end of the ingress network; undefined while it has none. */
async function ingressAddress(machine: Machine): Promise<string | undefined> {
	const network = await machine.find('inspect the ingress network', docker => docker.getNetwork('ingress').inspect());
	const end = (network?.Containers as Record<string, {IPv4Address: string}> | undefined)?.['ingress-sbox'];
	return end?.IPv4Address.replace(/\/.*$/, '');
}
