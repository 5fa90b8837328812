/** What machines need, what this host has, and in which order cells come. */
import fs from 'node:fs';
import os from 'node:os';
import type {Cell, Topology} from '../model.ts';

/** What QEMU needs beside the guest's memory, MiB: device models and, under emulation, the translation buffer. */
const overhead = 300;

/** What stays for the host itself, MiB. */
export const reserve = 1024;

/**
 * A swarm waits for its own timers half of the time (a node is down after 15 s, a task starts again after 5), so that
 * three machines share a CPU.
 */
export const machinesPerCpu = 3;

export interface Need {
	/** MiB. */
	memory: number;
	/** Virtual CPUs. */
	cpus: number;
}

export interface Capacity {
	cpus: number;
	/** MiB that are free or can be freed. */
	memory: number;
	/** MiB that there are. */
	total: number;
}

/** What the machines of a swarm need, all together. */
export function needOf({managers, workers, memory, cpus}: Topology): Need {
	const machines = managers + workers;
	return {memory: machines * (memory + overhead), cpus: machines * cpus};
}

export function hostCapacity(): Capacity {
	const meminfo = fs.readFileSync('/proc/meminfo', 'utf8');
	const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? 0) / 1024;
	return {cpus: os.availableParallelism(), memory: mebibytes('MemAvailable'), total: mebibytes('MemTotal')};
}

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

type Size = Pick<Capacity, 'cpus' | 'total'>;

function fitting(cells: readonly Cell[], {cpus, total}: Size, machinesEach: number): number {
	const needs = cells.map(({topology}) => needOf(topology));
	const memory = (total - reserve) / Math.min(...needs.map(each => each.memory));
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
