/**
 * Decides whether a swarm fits this host beside what is reserved already. Pure.
 *
 * A machine takes its memory little by little, so the memory that is free now is no measure: each reservation counts in
 * full. What its machines hold already is missing from the free memory as well, so it is counted only once.
 */
import {type Capacity, hostReserveMib, machinesPerCpu, type Need} from './needs.ts';

/** What was reserved before, or waits for a reservation. */
export interface Commitment extends Need {
	cell: string;
	/** Marks the processes of its machines; several reservations may share one. */
	lease: string;
	/** Left up on purpose: it stays until a user takes it down. */
	kept: boolean;
}

export type Decision =
	| {state: 'fits'}
	/** The wait ends when the reservations of other runs end (`runs`), or perhaps when other programs end (`programs`). */
	| {state: 'waits'; until: 'runs' | 'programs'; why: string}
	/** Waiting does not help. */
	| {state: 'never'; why: string; remedy: string};

/**
 * Decides whether `need` fits beside `promised`.
 * @param touched MiB that the machines of a lease hold, by lease
 */
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

	// A cell that was left up waits for a user and needs no CPU. The first swarm may always start, however many machines it has.
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

/** Returns the MiB that machines hold of their reservations. What they hold beyond that is simply not free. */
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
