/** The versions on an axis, in their order, from the good end to the bad end. Pure. */
import {upstreamOf} from '../artifacts/packages/versions.ts';
import {UsageError} from '../errors.ts';
import type {Point} from './search.ts';

/** A version that can be had. */
export interface Version extends Point {
	/** What a user types: `20.10.24`. */
	label: string;
	/** Exact: it is what the cell is made with. */
	spec: string;
	/** What says that two names mean the same files: a checksum. */
	content: string;
	package?: {name: string; version: string; suite: string};
}

/** An axis between two ends. */
export interface Axis {
	/** From the good end to the bad end, each content once. */
	points: Version[];
	/** Names that were left out, as another point has the same files. */
	same: {id: string; as: string}[];
}

/** Returns the release that a version belongs to: `6.1` of `6.1.192-1`, `20.10` of `20.10.24+dfsg1-1`. */
export function seriesOf(version: string): string {
	return upstreamOf(version).split('.').slice(0, 2).join('.');
}

/**
 * Returns the axis between two versions.
 * @param all oldest first
 * @throws UsageError if the ends are the same, or if one is not on the axis
 */
export function axisBetween(all: readonly Version[], good: string, bad: string): Axis {
	const find = (id: string) => all.findIndex(each => each.id === id);
	const [from, to] = [find(good), find(bad)];
	if (from < 0 || to < 0) {
		throw new UsageError(`${from < 0 ? good : bad} is none of the versions that can be had.`, {
			remedy:
				'swarmlab kernels, or swarmlab engines, lists them. A build of your own is bisected by git: docs/bisect.md',
		});
	}

	if (from === to || all[from]!.content === all[to]!.content) {
		throw new UsageError(
			`--good and --bad are the same: ${all[from]!.id}${from === to ? '' : ` and ${all[to]!.id}`}.`,
			{
				remedy: 'Name two versions; swarmlab kernels, or swarmlab engines, lists them.',
			},
		);
	}

	const between = from < to ? all.slice(from, to + 1) : all.slice(to, from + 1).reverse();
	const points: Version[] = [];
	const same: Axis['same'] = [];
	// The ends come first: they were named.
	for (const each of [between[0]!, between.at(-1)!, ...between.slice(1, -1)]) {
		const known = points.find(({content}) => content === each.content);
		if (known) {
			same.push({id: each.id, as: known.id});
		} else {
			points.push(each);
		}
	}

	return {points: points.toSorted((a, b) => between.indexOf(a) - between.indexOf(b)), same};
}
