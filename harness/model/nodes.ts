/** Functions about the nodes of a cell. Pure. */
import type {Cell, NodeSpec, Stack, Topology} from './cell.ts';

/** Returns the nodes of a topology: managers `m1…` first, then workers `w1…`, all with the same kernel and engine. */
export function nodesOf(
	{managers, workers, memory, cpus}: Topology,
	{kernel, engine}: Pick<NodeSpec, 'kernel' | 'engine'>,
): NodeSpec[] {
	const named = (role: NodeSpec['role'], count: number) =>
		Array.from({length: count}, (_, index) => ({name: `${role[0]}${index + 1}`, role, kernel, engine, memory, cpus}));
	return [...named('manager', managers), ...named('worker', workers)];
}

/** Counts the nodes of each role. */
export function countsOf({nodes}: {nodes: readonly Pick<NodeSpec, 'role'>[]}): {managers: number; workers: number} {
	const managers = nodes.filter(({role}) => role === 'manager').length;
	return {managers, workers: nodes.length - managers};
}

/** Returns the stack under test; undefined if a swarm is under test. */
export function stackOf({subject}: Pick<Cell, 'subject'>): Stack | undefined {
	return subject === 'swarm' ? undefined : subject.stack;
}

/** Returns what all nodes have in common, as text. If nodes differ, it joins the different values: `20.10.24+26.1.5`. */
export function uniform({nodes}: Pick<Cell, 'nodes'>, of: (node: NodeSpec) => string | number): string {
	return [...new Set(nodes.map(of))].join('+');
}
