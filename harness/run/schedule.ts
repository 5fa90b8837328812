/** How many cells and swarms run at once, and in which order. */
import {type Capacity, hostCapacity, hostReserveMib, machinesPerCpu, needOf} from '../capacity/needs.ts';
import type {Cell} from '../model/index.ts';

/**
 * Returns how many cells are worth starting at once. A number is used as it is: a user who gives one knows the host. With
 * `auto` it is how many of the smallest cells an empty host could carry, with a CPU for every second machine. Which cells
 * fit at the moment, beside other runs, is decided by their reservations.
 */
export function cellsAtOnce(jobs: number | 'auto', cells: readonly Cell[], host: Size = hostCapacity()): number {
	return jobs === 'auto' ? fitting(cells, host, 2) : jobs;
}

/**
 * Returns how many swarms may be up at once, of one cell or of several: never fewer than `cellsAtOnce`, and no more if the user
 * gave a number. On a host that is too busy, the remedy that we name is `--jobs 1`.
 */
export function swarmsAtOnce(jobs: number | 'auto', cells: readonly Cell[], host: Size = hostCapacity()): number {
	return jobs === 'auto' ? fitting(cells, host, machinesPerCpu) : jobs;
}

type Size = Pick<Capacity, 'cpus' | 'totalMib'>;

function fitting(cells: readonly Cell[], {cpus, totalMib}: Size, machinesEach: number): number {
	const needs = cells.map(needOf);
	const memory = (totalMib - hostReserveMib) / Math.min(...needs.map(each => each.memory));
	const shares = (cpus * machinesEach) / Math.min(...needs.map(each => each.cpus));
	return Math.max(1, Math.floor(Math.min(memory, shares)));
}

/**
 * Sorts the longest first, so that no long item is left for the end when the others are done. An item that never ran may be
 * the longest, so it comes first. Equal items keep their order. Pure.
 */
export function longestFirst<Item>(items: readonly Item[], secondsOf: (item: Item) => number | undefined): Item[] {
	const seconds = new Map(items.map(item => [item, secondsOf(item) ?? Number.MAX_VALUE]));
	return items.toSorted((a, b) => seconds.get(b)! - seconds.get(a)!);
}
