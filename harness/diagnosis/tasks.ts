/** Which tasks every node must know, and which it may know. Pure. */
import {awayIds} from './away.ts';
import type {TaskView} from './read-engine.ts';
import type {View} from './view.ts';

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
