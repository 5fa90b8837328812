/** Forms a swarm of machines. */
import {limits} from '../limits.ts';
import {type Machine, timed, waitUntil} from '../machine/index.ts';
import type {SwarmHandle} from '../model/index.ts';
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
 * Throws EngineError (an engine refuses), WaitError with the nodes that are not Ready in time, MachineError, or TypeError
 * (not so many machines, or no manager).
 */
export async function formSwarm(machines: readonly Machine[], wanted = machines.length): Promise<FormedSwarm> {
	const first = machines.find(machine => machine.role === 'manager');
	if (!first || machines.length !== wanted) {
		throw new TypeError(
			`A swarm of ${wanted} cannot be made of ${machines.map(each => each.name).join(', ') || 'nothing'}`,
		);
	}

	const started = performance.now();
	const init = await timed(() => initialise(first));
	const tokens = await readTokens(first);
	const others = machines.filter(machine => machine !== first);
	const joined = await timed(() => Promise.all(others.map(machine => join(machine, first, tokenFor(machine, tokens)))));
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

async function initialise(machine: Machine): Promise<void> {
	await machine.ask('swarm init', docker =>
		docker.swarmInit({
			ListenAddr: `${machine.address}:2377`,
			AdvertiseAddr: machine.address,
			// Engines before 18.09 do not know these two and ignore them.
			DefaultAddrPool: [addressPool],
			SubnetSize: 24,
			ForceNewCluster: false,
			Spec: {},
		}),
	);
}

function tokenFor(machine: Machine, tokens: JoinTokens): string {
	return machine.role === 'manager' ? tokens.manager : tokens.worker;
}
