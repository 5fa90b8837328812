/** Whether a swarm that comes back from memory lives: told by itself, and by a packet on its overlay. */
import {limits} from '../limits.ts';
import {type Machine, waitUntil} from '../machine/index.ts';
import {lookForNodes} from './nodes.ts';

/** Runs a command on a machine; by which way is the caller's choice. */
export type Execute = (machine: Machine, command: readonly string[]) => Promise<{exitCode: number; output: string}>;

/** Seconds. A swarm that lives answers in one or two under emulation. */
const patience = 30;

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

/**
 * Proves that all nodes are Ready, that one of them leads, and that the ingress network, an overlay that every node is on,
 * carries a packet from each node to the next. The engines are asked for as little as proves it: under emulation an
 * answer to `info` costs one and a half seconds (it starts runc and docker-init for their versions).
 * Throws WaitError with what was missing, MachineError or EngineError.
 */
export async function proveAlive(machines: readonly Machine[], ends: IngressEnds, execute: Execute): Promise<void> {
	const manager = machines.find(({role}) => role === 'manager')!;
	const names = machines.map(({name}) => name);
	await Promise.all([
		waitUntil(
			'all nodes are Ready and one leads',
			async () => {
				const found = await lookForNodes(manager, names, 'ready')();
				return 'value' in found && !found.value.some(({leader}) => leader)
					? {done: false, seen: 'no node leads'}
					: found;
			},
			{limit: patience, ours: true},
		),
		...machines.map(async (machine, index) => {
			const next = machines[(index + 1) % machines.length]!;
			if (next !== machine) {
				await carries(machine, ends[next.name]!, next.name, execute);
			}
		}),
	]);
}

async function carries(machine: Machine, address: string, to: string, execute: Execute): Promise<void> {
	await waitUntil(
		`the overlay carries a packet from ${machine.name} to ${to}`,
		async () => {
			// busybox: a static program starts ten times faster under emulation.
			const {exitCode, output} = await execute(machine, [
				...['/bin/busybox', 'nsenter', '--net=/var/run/docker/netns/ingress_sbox'],
				...['/bin/busybox', 'ping', '-q', '-c', '1', '-W', '1', address],
			]);
			return exitCode === 0 ? {done: true, value: undefined} : {done: false, seen: output.replaceAll('\n', ' ')};
		},
		{limit: limits.formSwarm, ours: true},
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
