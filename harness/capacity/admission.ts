/**
 * Whether a swarm fits this host beside what is promised already. Pure.
 *
 * A machine takes its memory little by little, so what is free now is no measure: what is promised counts in full. What
 * the machines of a promise hold already is missing from the free memory as well, and is counted once.
 */
import {type Capacity, hostReserveMib, machinesPerCpu, type Need} from './needs.ts';

/** What was promised before, or waits to be. */
export interface Commitment extends Need {
	cell: string;
	/** Marks the processes of its machines; several promises may share one. */
	lease: string;
	/** Left up on purpose: it stays until somebody takes it down. */
	kept: boolean;
}

export type Decision =
	| {state: 'fits'}
	/** It ends by itself when these promises end (`runs`), or perhaps when other programs end. */
	| {state: 'waits'; until: 'runs' | 'programs'; why: string}
	/** Waiting is hopeless. */
	| {state: 'never'; why: string; remedy: string};

/** @param touched MiB that the machines of a lease hold, by lease */
export function decideAdmission(
	need: Need,
	promised: readonly Commitment[],
	touched: Record<string, number>,
	host: Capacity,
): Decision {
	const forMachines = host.totalMib - hostReserveMib;
	const kept = promised.filter(each => each.kept);
	const passing = promised.filter(each => !each.kept);
	if (need.memory > forMachines) {
		return {
			state: 'never',
			why: `it needs ${mib(need.memory)} of memory, and this host has ${mib(forMachines)} for machines (${mib(host.totalMib)} less ${mib(hostReserveMib)} for itself)`,
			remedy: 'Fewer or smaller machines (--workers, --memory), or a host with more memory.',
		};
	}

	if (need.memory > forMachines - memoryOf(kept)) {
		return {
			state: 'never',
			why: `it needs ${mib(need.memory)} of memory, and of the ${mib(forMachines)} that this host has for machines ${mib(memoryOf(kept))} are promised to what was left up: ${names(kept)}`,
			remedy: 'Take down what is not needed: swarmlab down, or swarmlab down --all',
		};
	}

	const ifNothingWereUp = host.freeMib - hostReserveMib + heldMemory(promised, touched);
	const left = ifNothingWereUp - memoryOf(promised);
	if (need.memory > left) {
		const lack = `memory: it needs ${mib(need.memory)}, ${mib(Math.max(0, left))} are free`;
		return need.memory > ifNothingWereUp - memoryOf(kept)
			? {state: 'waits', until: 'programs', why: `${lack}; other programs hold the rest`}
			: {state: 'waits', until: 'runs', why: `${lack} and not promised to ${names(passing)}`};
	}

	// What was left up waits for a person, not for a CPU. The first may always start, however many machines it has.
	const cpus = host.cpus * machinesPerCpu;
	const busy = passing.reduce((sum, each) => sum + each.cpus, 0);
	return busy > 0 && busy + need.cpus > cpus
		? {
				state: 'waits',
				until: 'runs',
				why: `CPUs: its machines have ${need.cpus}, and of ${cpus} at once ${busy} are promised to ${names(passing)}`,
			}
		: {state: 'fits'};
}

/** What machines hold of what was promised to them; what they hold beyond is simply not free. */
function heldMemory(promised: readonly Commitment[], touched: Record<string, number>): number {
	const leases = [...new Set(promised.map(({lease}) => lease))];
	return leases.reduce((sum, lease) => {
		const mine = promised.filter(each => each.lease === lease);
		return sum + Math.min(touched[lease] ?? 0, memoryOf(mine));
	}, 0);
}

function memoryOf(promised: readonly Commitment[]): number {
	return promised.reduce((sum, {memory}) => sum + memory, 0);
}

function names(promised: readonly Commitment[]): string {
	return [...new Set(promised.map(({cell, lease}) => (lease ? `${cell} (${lease})` : cell)))].join(', ');
}

function mib(memory: number): string {
	return `${Math.floor(memory)} MiB`;
}
