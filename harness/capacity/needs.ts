/** What machines need, and what this host has. */
import fs from 'node:fs';
import os from 'node:os';
import type {NodeSpec} from '../model/index.ts';

/** What QEMU needs beside the guest's memory, MiB: device models and, under emulation, the translation buffer. */
const qemuOverheadMib = 300;

/** Memory that stays for the host itself, MiB. */
export const hostReserveMib = 1024;

/**
 * How many machines share a CPU. A swarm waits for its own timers half of the time: a node is down after 15 s, a task
 * starts again after 5 s.
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
	freeMib: number;
	/** MiB in total. */
	totalMib: number;
}

/** Returns what the machines of a cell need, all together. */
export function needOf({nodes}: {nodes: readonly Pick<NodeSpec, 'memory' | 'cpus'>[]}): Need {
	return nodes.reduce(
		(sum, {memory, cpus}) => ({memory: sum.memory + memory + qemuOverheadMib, cpus: sum.cpus + cpus}),
		{
			memory: 0,
			cpus: 0,
		},
	);
}

/** Reads the CPUs and the memory of this host: /proc/meminfo, MemAvailable and MemTotal. */
export function hostCapacity(): Capacity {
	const meminfo = fs.readFileSync('/proc/meminfo', 'utf8');
	const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? 0) / 1024;
	return {cpus: os.availableParallelism(), freeMib: mebibytes('MemAvailable'), totalMib: mebibytes('MemTotal')};
}
