/** How many cells and swarms at once, and in which order. */
import {type Capacity, hostCapacity, hostReserveMib, machinesPerCpu, needOf} from '../capacity/needs.ts';
import type {Cell} from '../model/index.ts';

/**
 * How many cells are worth starting at once. A number is taken as it is: who asks for it knows the host. With `auto` it is
 * how many of the smallest an empty host would carry, with a CPU for every second machine; which of them fit at this very
 * moment, beside other runs, is the ledger's to say.
 */
export function cellsAtOnce(jobs: number | 'auto', cells: readonly Cell[], host: Size = hostCapacity()): number {
	return jobs === 'auto' ? fitting(cells, host, 2) : jobs;
}

/** How many swarms may be up at once, of one cell or of several. Never fewer than there are cells. */
export function swarmsAtOnce(jobs: number | 'auto', cells: readonly Cell[], host: Size = hostCapacity()): number {
	return Math.max(cellsAtOnce(jobs, cells, host), fitting(cells, host, machinesPerCpu));
}

type Size = Pick<Capacity, 'cpus' | 'totalMib'>;

function fitting(cells: readonly Cell[], {cpus, totalMib}: Size, machinesEach: number): number {
	const needs = cells.map(needOf);
	const memory = (totalMib - hostReserveMib) / Math.min(...needs.map(each => each.memory));
	const shares = (cpus * machinesEach) / Math.min(...needs.map(each => each.cpus));
	return Math.max(1, Math.floor(Math.min(memory, shares)));
}

/**
 * The longest first, so that no long one is left over for the end when the others are done. What was never run before
 * may be the longest, so it comes before all; those that are alike stay in their order. Pure.
 */
export function longestFirst<Item>(items: readonly Item[], secondsOf: (item: Item) => number | undefined): Item[] {
	const seconds = new Map(items.map(item => [item, secondsOf(item) ?? Number.MAX_VALUE]));
	return items.toSorted((a, b) => seconds.get(b)! - seconds.get(a)!);
}
