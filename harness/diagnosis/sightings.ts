/** Ways in which signatures look at the evidence. Pure. */
import type {Difference} from './agreement.ts';
import {isOfGossip} from './gossip.ts';
import type {Seen, Sighting} from './signature.ts';
import {lineOf} from './view.ts';

/** Returns a sighting for each node on which lines of a probe match. */
export function linesOf(probe: string, pattern: RegExp): (seen: Seen) => Sighting[] {
	return ({view}) =>
		view.nodes.flatMap(node => {
			const lines = node.lines(probe, pattern);
			return lines.length > 0 ? [{node: node.name, lines}] : [];
		});
}

/** Returns a sighting for each node on which lines of a log match, of the time that the evidence is about. */
export function recentLinesOf(probe: string, pattern: RegExp): (seen: Seen) => Sighting[] {
	return ({view}) =>
		view.nodes.flatMap(node => {
			const lines = node.recentLines(probe, pattern);
			return lines.length > 0 ? [{node: node.name, lines}] : [];
		});
}

/** Returns a sighting for each node with differences of these kinds. */
export function differencesOf(...kinds: Difference['kind'][]): (seen: Seen) => Sighting[] {
	return ({differences}) => {
		const found = Map.groupBy(
			differences.filter(({kind}) => kinds.includes(kind)),
			({node}) => node,
		);
		return [...found].map(([node, all]) => ({
			node,
			lines: all.flatMap(({lines}) => lines).slice(0, 6),
			detail: all
				.map(({says}) => says)
				.slice(0, 3)
				.join('; '),
		}));
	};
}

/** The same, without what a node lacks because it does not hear of the other one. */
export function unlessOfGossip(...kinds: Difference['kind'][]): (seen: Seen) => Sighting[] {
	return seen =>
		differencesOf(...kinds)({...seen, differences: seen.differences.filter(each => !isOfGossip(seen.view, each))});
}

/** Returns what either function sees. */
export function either(...all: ((seen: Seen) => Sighting[])[]): (seen: Seen) => Sighting[] {
	return seen => all.flatMap(shows => shows(seen));
}

/** Returns a sighting for tasks whose message matches. */
export const failedTasks =
	(pattern: RegExp) =>
	({view}: Seen): Sighting[] => {
		const manager = view.nodes.find(node => node.has('tasks'))?.name ?? '';
		const found = (view.tasksAfter ?? view.tasks ?? []).filter(({message}) => pattern.test(message));
		return found.length === 0
			? []
			: [
					{
						node: manager,
						lines: found.slice(0, 3).map(({message}) => lineOf(manager, `${manager}/tasks.txt`, message)),
					},
				];
	};
