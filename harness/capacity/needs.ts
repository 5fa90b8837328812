/** What machines need, and what this host has. */
import fs from 'node:fs';
import os from 'node:os';
import type {Topology} from '../model/index.ts';

/** What QEMU needs beside the guest's memory, MiB: device models and, under emulation, the translation buffer. */
const overhead = 300;

/** What stays for the host itself, MiB. */
export const hostReserveMib = 1024;

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
