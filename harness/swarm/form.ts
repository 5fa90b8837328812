/** Forms a swarm of machines. */
import {limits} from '../limits.ts';
import {type Machine, timed, waitUntil} from '../machine/index.ts';
import type {SwarmHandle, SwarmOptions} from '../model/index.ts';
import {type JoinTokens, join, readTokens} from './membership.ts';
import {listNodes, lookForNodes} from './nodes.ts';

/** Overlaps neither our LANs nor networks of QEMU or VirtualBox (their 10.0.2.0/24 is a /24 of Docker's own default pool). */
const addressPool = '10.200.0.0/16';

export interface FormedSwarm {
	swarm: SwarmHandle;
	/** Seconds: `swarm init`, `swarm joined`, `swarm ready` (from the beginning until every node was Ready). */
	metrics: Record<string, number>;
}

/**
 * Forms one swarm of all machines; the first manager initialises it.
 * Every node listens and advertises on its LAN address: an engine that chooses itself may take the control network's.
 * @param wanted expected number of nodes
 * @param optionsOf returns the options of a machine; without them, each node has its address on the LAN
 * Throws EngineError (an engine refuses), WaitError with the nodes that are not Ready in time, MachineError, or TypeError
 * (not so many machines, or no manager).
 */
export async function formSwarm(
	machines: readonly Machine[],
	wanted = machines.length,
	optionsOf: (machine: Machine) => SwarmOptions = () => ({}),
): Promise<FormedSwarm> {
	const first = machines.find(machine => machine.role === 'manager');
	if (!first || machines.length !== wanted) {
		throw new TypeError(
			`A swarm of ${wanted} cannot be made of ${machines.map(each => each.name).join(', ') || 'nothing'}`,
		);
	}

	const started = performance.now();
	const init = await timed(() => initialise(first, optionsOf(first)));
	const tokens = await readTokens(first);
	const others = machines.filter(machine => machine !== first);
	const remote = placesOf(first, optionsOf(first)).RemoteAddr;
	const joined = await timed(() =>
		Promise.all(
			others.map(machine =>
				join(machine, first, tokenFor(machine, tokens), {remote, ...placesOf(machine, optionsOf(machine))}),
			),
		),
	);
	await waitUntil(
		`all ${machines.length} nodes are Ready`,
		lookForNodes(
			first,
			machines.map(machine => machine.name),
			'ready',
		),
		{limit: limits.formSwarm, ours: true},
	);
	const nodes = await listNodes(first);
	return {
		swarm: {
			nodeIds: Object.fromEntries(nodes.map(({name, id}) => [name, id])),
			managerToken: tokens.manager,
			workerToken: tokens.worker,
		},
		metrics: {
			'swarm init': init.seconds,
			'swarm joined': init.seconds + joined.seconds,
			'swarm ready': (performance.now() - started) / 1000,
		},
	};
}

async function initialise(machine: Machine, options: SwarmOptions): Promise<void> {
	const {RemoteAddr: _, ...places} = placesOf(machine, options);
	const {defaultAddrPool = [addressPool], subnetSize = 24, dataPathPort, certExpiryHours, autolock} = options;
	await machine.ask('swarm init', docker =>
		docker.swarmInit({
			...places,
			// Engines before 18.09 do not know these two and ignore them.
			DefaultAddrPool: defaultAddrPool,
			SubnetSize: subnetSize,
			...(dataPathPort !== undefined && {DataPathPort: dataPathPort}),
			ForceNewCluster: false,
			Spec: {
				...(certExpiryHours !== undefined && {CAConfig: {NodeCertExpiry: certExpiryHours * nanosecondsPerHour}}),
				...(autolock !== undefined && {EncryptionConfig: {AutoLockManagers: autolock}}),
			},
		}),
	);
}

const nanosecondsPerHour = 3600 * 1e9;

/** The addresses of a node, as the API has them, and the one by which others join it. */
interface SwarmPlaces {
	ListenAddr: string;
	AdvertiseAddr: string;
	DataPathAddr?: string;
	RemoteAddr: string;
}

/** Returns the addresses of a node. `{n}` becomes its number: the last part of its address on the LAN. Pure. */
export function placesOf({address}: {address: string}, options: SwarmOptions): SwarmPlaces {
	const own = (text: string) => text.replaceAll('{n}', address.split('.').at(-1)!);
	const {advertiseAddr = address, listenAddr, dataPathAddr} = options;
	const advertised = own(advertiseAddr);
	// A device is advertised by its name; who joins needs an address.
	const reached = /^[\d.]+$|:/.test(advertised) ? advertised : address;
	const port = /:(\d+)$/.exec(listenAddr ?? '')?.[1] ?? '2377';
	const remote = `${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
	return {
		ListenAddr: listenAddr === undefined ? remote : own(listenAddr),
		AdvertiseAddr: advertised,
		...(dataPathAddr !== undefined && {DataPathAddr: own(dataPathAddr)}),
		RemoteAddr: remote,
	};
}

function tokenFor(machine: Machine, tokens: JoinTokens): string {
	return machine.role === 'manager' ? tokens.manager : tokens.worker;
}
