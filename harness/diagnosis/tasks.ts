/** Which tasks every node must know, and which it may know. Pure. */
import {awayIds} from './away.ts';
import type {TaskView} from './read-engine.ts';
import type {NodeView, View} from './view.ts';

/** Tasks in these states have no endpoint, or are losing it. */
const gone = ['shutdown', 'failed', 'complete', 'rejected', 'remove', 'orphaned'];

/** Returns the tasks that run in both readings, and have an address on the network that their container has. */
export function runningOn(view: View, network: string): TaskView[] {
	const without = disconnectedOn(view, network).map(({id}) => id);
	return listedOn(view, network).filter(({id}) => !without.includes(id));
}

/**
 * Returns the tasks that run, and whose container their own node does not have on the network: somebody took it off, and the managers
 * do not hear of that (moby daemon/container_operations.go, DisconnectFromNetwork).
 */
export function disconnectedOn(view: View, network: string): TaskView[] {
	return listedOn(view, network).filter(task => {
		const address = view.members?.find(({id}) => id === task.node)?.address;
		const node = view.nodes.find(each => address !== undefined && [each.address, each.advertised].includes(address));
		const there = node?.networks.find(({id}) => id === network);
		return there !== undefined && !there.endpoints.has(task.addresses.get(network)!);
	});
}

/** Returns the tasks that the managers report as running in both readings, with an address on the network. */
function listedOn({nodes, tasks = [], tasksAfter = [], members = []}: View, network: string): TaskView[] {
	const away = awayIds(nodes, members);
	const runs = ({state, desired, node}: TaskView) =>
		state === 'running' && desired === 'running' && !away.includes(node);
	return tasks.filter(
		task => runs(task) && task.addresses.has(network) && tasksAfter.some(each => each.id === task.id && runs(each)),
	);
}

/** Returns whether a task of the service runs in both readings: without one, no node has rules or rows of the service. */
export function hasRunning({tasks = [], tasksAfter = []}: View, service: string): boolean {
	const runs = (each: TaskView) => each.service === service && each.state === 'running' && each.desired === 'running';
	return tasks.some(task => runs(task) && tasksAfter.some(each => each.id === task.id && runs(each)));
}

/** Returns the addresses on the network of all tasks that may have an endpoint in one of the readings. */
export function aliveOn({tasks = [], tasksAfter = []}: View, network: string): Set<string> {
	return new Set(
		[...tasks, ...tasksAfter].flatMap(task => (gone.includes(task.state) ? [] : (task.addresses.get(network) ?? []))),
	);
}

/** Seconds after the end of the last task until an engine must have taken its balancer off a network. */
const leaveSeconds = 15;

/**
 * Returns the networks on which a node's engine still has its balancer, though the last task there ended a while ago and no container
 * is left: with the address that it keeps, and how many seconds ago that was.
 */
export function keptBalancersOn(view: View, node: NodeView): {name: string; address: string; seconds: number}[] {
	const ids = view.members
		?.filter(({address, state}) => state === 'ready' && [node.address, node.advertised].includes(address))
		.map(({id}) => id);
	const now = node.about.startedAt;
	if (!ids || !view.tasks || !view.tasksAfter || now === undefined) {
		return [];
	}

	return node.networks.flatMap(({id, name, ingress, endpoints}) => {
		const [own, ...others] = [...endpoints];
		const here = [...view.tasks!, ...view.tasksAfter!].filter(
			task => ids.includes(task.node) && task.addresses.has(id),
		);
		const seconds = now - Math.max(...here.map(({since}) => since));
		const ended = here.length > 0 && here.every(({state}) => gone.includes(state)) && seconds > leaveSeconds;
		return !ingress && ended && own?.[1].name === `${name}-endpoint` && others.length === 0
			? [{name, address: own[0], seconds}]
			: [];
	});
}
