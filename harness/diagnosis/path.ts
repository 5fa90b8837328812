/** The way of a packet from a client over the nodes to a task, and where it stops. Each place has what the evidence shows of it. Pure. */
import type {PacketPath, PathHop} from '../model/index.ts';
import type {Difference} from './agreement.ts';
import type {Direction} from './directions.ts';
import {droppingRules} from './dropping-rules.ts';
import {balancerHop, clientHop, isOn, receiverHop, senderHop, taskHop, type Way, wireHop} from './path-hops.ts';
import {networksOf} from './peers.ts';
import type {NetworkView} from './read-engine.ts';
import type {Seen} from './signature.ts';
import {runningOn} from './tasks.ts';
import type {NodeView} from './view.ts';

/** Ways that are shown. More would not be read. */
const most = 3;

/** Returns the ways on which packets do not arrive; if all arrive, one that does. */
export function pathsOf(seen: Seen): PacketPath[] {
	const {directions, differences, view} = seen;
	const broken = oncePerPair(directions.filter(({silent, smallOnly}) => silent || smallOnly));
	const ways = broken.flatMap(each => wayOf(seen, each) ?? []);
	const covered = (each: Difference) =>
		ways.some(({from, to}) => from.name === each.node && (!each.peer || to?.address === each.peer));
	const differing = differences
		.filter(each => each.address && /backend|neighbour|forward/.test(each.kind) && !covered(each))
		.flatMap(each => wayOfDifference(seen, each) ?? []);
	const all = [...ways, ...oncePerNode(differing)];
	const shown = all.length > 0 ? all : directions.slice(0, 1).flatMap(each => wayOf(seen, each) ?? []);
	return view.nodes.length < 2 ? [] : shown.slice(0, most).map(way => pathOf(seen, way));
}

function oncePerPair(directions: readonly Direction[]): Direction[] {
	const key = ({from, to}: Direction) => [from.name, to.name].sort().join();
	// The answers of a node that drops what it gets are not lost on their way.
	const drops = ({to}: Direction) => droppingRules(to, 4789).length > 0;
	return [...Map.groupBy(directions, key).values()].map(pair => pair.find(drops) ?? pair[0]!);
}

function oncePerNode(ways: readonly Way[]): Way[] {
	return [...new Map(ways.toReversed().map(each => [each.from.name, each])).values()].reverse();
}

/** The network whose packets were tried in a direction; one of services rather than that of the routing mesh. */
function wayOf(seen: Seen, direction: Direction): Way | undefined {
	const {from, to} = direction;
	const tried = from.pings.filter(({peer}) => peer === to.address);
	const networks = networksOf(seen.view).filter(network => tried.some(ping => isOn(network, ping)));
	const network = networks.find(({ingress}) => !ingress) ?? networks[0];
	if (!network) {
		return undefined;
	}

	const pings = tried.filter(each => isOn(network, each));
	return {from, to, network, address: taskOn(seen, to, network) ?? pings[0]!.address, direction, pings};
}

function wayOfDifference({view, directions}: Seen, {node, address, peer, says}: Difference): Way | undefined {
	const from = view.nodes.find(({name}) => name === node);
	const network = networksOf(view).find(({name}) => says.includes(`network ${name}`));
	if (!from || !network) {
		return undefined;
	}

	const host = peer ?? hostOf(view.nodes, network, address!);
	const to = view.nodes.find(each => each.address === host);
	const direction = directions.find(each => each.from === from && each.to === to);
	return {from, to, network, address: address!, direction, pings: []};
}

/** Returns the address of the node that has an endpoint; undefined if none has. */
function hostOf(nodes: readonly NodeView[], {id}: NetworkView, address: string): string | undefined {
	return nodes.find(node => node.networks.some(each => each.id === id && each.endpoints.has(address)))?.address;
}

/** Returns the address of a running task of a node, of a service with a virtual address if there is one. */
function taskOn({view}: Seen, node: NodeView, {id}: NetworkView): string | undefined {
	const member = view.members?.find(({address}) => address === node.address)?.id;
	const tasks = runningOn(view, id).filter(task => task.node === member);
	const balanced = from(tasks, view.nodes, id);
	return (balanced ?? tasks[0])?.addresses.get(id);
}

/** Returns the first task that a balancer of any node leads to. */
function from<Task extends {addresses: Map<string, string>}>(
	tasks: readonly Task[],
	nodes: readonly NodeView[],
	network: string,
): Task | undefined {
	const rows = nodes.flatMap(({balancers}) => balancers.flatMap(({backends}) => backends.map(each => each.address)));
	const served = (task: Task) => rows.filter(each => each === task.addresses.get(network)).length;
	return tasks.toSorted((a, b) => served(b) - served(a))[0];
}

function pathOf(seen: Seen, way: Way): PacketPath {
	const hops = [clientHop, balancerHop, senderHop, wireHop, receiverHop, taskHop].map(hop => hop(seen, way));
	return {
		from: way.from.name,
		to: way.to?.name ?? '',
		network: way.network.name,
		address: way.address,
		sentence: sentenceOf(way, hops),
		hops,
	};
}

function sentenceOf({from, to, network, address, direction}: Way, hops: readonly PathHop[]): string {
	const what = `A packet from a client on ${from.name} to ${address}${to ? ` on ${to.name}` : ''} (network ${network.name})`;
	const stop = hops.find(({state}) => state === 'stops');
	if (!stop) {
		return direction && !direction.silent && !direction.smallOnly
			? `${what} arrives, and is answered.`
			: `${what}: the evidence does not show where it stops.`;
	}

	const where = {
		client: `at the client on ${stop.node}`,
		balancer: `at the balancer of ${stop.node}`,
		sender: `at the VXLAN device of ${stop.node}`,
		wire: `between the VXLAN devices of ${from.name} and ${to?.name ?? 'the other node'}`,
		receiver: `at ${stop.node}, before its VXLAN device`,
		task: `at the task on ${stop.node}`,
	}[stop.at];
	return `${what} stops ${where}${direction?.smallOnly && stop.at === 'wire' ? ', if it fills the MTU' : ''}: ${stop.says[0]}.`;
}
