/** Functions about the nodes of a cell. Pure. */
import type {Cell, NodeSpec, Stack, Topology} from './cell.ts';

/** What a node runs. */
type Versions = Pick<NodeSpec, 'kernel' | 'engine' | 'variant'>;

/**
 * Returns the nodes of a topology: managers `m1…` first, then workers `w1…`.
 * @param versions of all nodes, or a function that returns those of a node by its name
 */
export function nodesOf(
	{managers, workers, memory, cpus}: Topology,
	versions: Versions | ((name: string) => Versions),
): NodeSpec[] {
	const named = (role: NodeSpec['role'], count: number) =>
		Array.from({length: count}, (_, index) => {
			const name = `${role[0]}${index + 1}`;
			const {kernel, engine, variant} = typeof versions === 'function' ? versions(name) : versions;
			return {name, role, kernel, engine, ...(variant && {variant}), memory, cpus};
		});
	return [...named('manager', managers), ...named('worker', workers)];
}

/** Returns the names of the nodes of a topology, in the order of `nodesOf`. */
export function nodeNames({managers, workers}: Pick<Topology, 'managers' | 'workers'>): string[] {
	const named = (letter: string, count: number) => Array.from({length: count}, (_, index) => `${letter}${index + 1}`);
	return [...named('m', managers), ...named('w', workers)];
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

/**
 * Returns what all nodes have in common, as text. If nodes differ, it returns each value with the names of its nodes:
 * `20.10.24 (m1), 26.1.5 (w1, w2)`.
 */
export function uniform({nodes}: Pick<Cell, 'nodes'>, of: (node: NodeSpec) => string | number): string {
	const values = [...new Set(nodes.map(of))];
	const namesOf = (value: string | number) => nodes.filter(node => of(node) === value).map(({name}) => name);
	return values.length === 1
		? String(values[0])
		: values.map(value => `${value} (${namesOf(value).join(', ')})`).join(', ');
}
