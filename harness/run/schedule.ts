/** How many cells may be up at once. */
import fs from 'node:fs';
import os from 'node:os';
import type {Cell} from '../model.ts';

/** What QEMU needs beside the guest's memory, MiB: device models and, under emulation, the translation buffer. */
const overhead = 300;

/** What stays for the host itself, MiB. */
const reserve = 1024;

export interface Capacity {
	cpus: number;
	/** MiB that are free or can be freed. */
	memory: number;
}

export function hostCapacity(): Capacity {
	const meminfo = fs.readFileSync('/proc/meminfo', 'utf8');
	return {
		cpus: os.availableParallelism(),
		memory: Number(/^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1] ?? 0) / 1024,
	};
}

/**
 * `auto`: as many cells as memory holds and as there is a CPU for every second machine; at least one.
 * A number is taken as it is: who asks for it knows the host.
 */
export function cellsAtOnce(jobs: number | 'auto', cells: Cell[], capacity = hostCapacity()): number {
	if (jobs !== 'auto') {
		return jobs;
	}

	const needs = cells.map(({topology}) => {
		const machines = topology.managers + topology.workers;
		return {memory: machines * (topology.memory + overhead), cpus: (machines * topology.cpus) / 2};
	});
	const largest = {
		memory: Math.max(1, ...needs.map(each => each.memory)),
		cpus: Math.max(1, ...needs.map(each => each.cpus)),
	};
	const fit = Math.min((capacity.memory - reserve) / largest.memory, capacity.cpus / largest.cpus);
	return Math.max(1, Math.floor(fit));
}
