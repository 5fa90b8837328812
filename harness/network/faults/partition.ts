/**
 * Partitions as data: for each node, the nodes that it does not hear. The shapes are those that Jepsen uses
 * (jepsen.nemesis: bisect, split-one, bridge, majorities-ring). Pure.
 */
import {UsageError} from '../../errors.ts';

/** For each node, the nodes that it does not hear. */
export type Partition = Record<string, string[]>;

/** Nodes of different groups do not hear each other. A node that is in no group hears all. */
export function groups(...parts: readonly (readonly string[])[]): Partition {
	return Object.fromEntries(
		parts.flatMap(part => part.map(node => [node, parts.filter(other => other !== part).flat()])),
	);
}

/** Two halves, in the order of the nodes; the first is the larger one if their number is odd. */
export function halves(nodes: readonly string[]): Partition {
	const middle = Math.ceil(nodes.length / 2);
	return groups(nodes.slice(0, middle), nodes.slice(middle));
}

/** One node hears none of the others, and none of them hears it. */
export function isolate(nodes: readonly string[], node: string): Partition {
	return groups(
		[node],
		nodes.filter(each => each !== node),
	);
}

/** What `from` sends does not reach `to`; the other direction works. */
export function oneWay(from: readonly string[], to: readonly string[]): Partition {
	return Object.fromEntries(to.map(node => [node, from.filter(each => each !== node)]));
}

/** Two halves that do not hear each other, and a node that hears both and is heard by both. */
export function bridge(nodes: readonly string[], node: string): Partition {
	return halves(nodes.filter(each => each !== node));
}

/** Each node hears only the node before it and the node after it. Throws UsageError for less than four: they hear all. */
export function ring(nodes: readonly string[]): Partition {
	if (nodes.length < 4) {
		throw new UsageError(`A ring of ${nodes.length} nodes cuts nothing: each one is a neighbour of every other`, {
			remedy: 'Take four nodes or more, or another partition.',
		});
	}

	const {length} = nodes;
	return Object.fromEntries(
		nodes.map((node, index) => {
			const heard = [index, (index + 1) % length, (index + length - 1) % length];
			return [node, nodes.filter((_, other) => !heard.includes(other))];
		}),
	);
}
