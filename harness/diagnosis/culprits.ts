/** Which nodes the paths that are broken have in common. Pure. */
import type {NodeView} from './view.ts';

/** A way that a packet takes. */
export interface Path {
	from: NodeView;
	to: NodeView;
}

/** Ids of the signatures of a node that has no way to the others, whatever is between them. */
export const withoutWay = [
	'lan-address-gone',
	'node-unreachable',
	'card-down',
	'input-dropped-by-node',
	'table-full',
] as const;

/** The names of both ends of each of these ways that a node is on. */
export function waysOf(node: NodeView, broken: readonly Path[]): [string, string][] {
	return broken
		.filter(({from, to}) => from === node || to === node)
		.map(({from, to}): [string, string] => [from.name, to.name]);
}

/**
 * Returns the nodes that are on each broken path, and of these those that are on no working one, if there are any. If no node is
 * on each broken path, all their ends are returned.
 */
export function culpritsOf(broken: readonly Path[], working: readonly Path[]): NodeView[] {
	const ends = [...new Set(broken.flatMap(({from, to}) => [from, to]))];
	const common = ends.filter(node => broken.every(({from, to}) => from === node || to === node));
	if (common.length === 0) {
		return ends;
	}

	const only = common.filter(node => !working.some(({from, to}) => from === node || to === node));
	return only.length > 0 ? only : common;
}
