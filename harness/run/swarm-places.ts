/** A swarm of a cell that is up: its folders, what is reserved for it, and whether it stays up. */
import fs from 'node:fs';
import path from 'node:path';
import {hostCapacity, needOf} from '../capacity/needs.ts';
import {type Reservation, reserve} from '../capacity/reserve.ts';
import type {Assignment, Cell, CellHandle} from '../model/index.ts';
import * as paths from '../paths.ts';
import {leaseFolder} from '../processes/leases.ts';
import type {MachinesUp} from '../providers/provider.ts';
import type {RunContext} from './context.ts';
import type {Group} from './groups.ts';

export interface Places {
	/** In the run's folder: consoles, results, evidence. */
	folder: string;
	disks: string;
	runtime: string;
}

export interface OpenSwarm {
	up: MachinesUp;
	handle: CellHandle;
	/** The files that its scenario processes write. */
	files: Pick<Assignment, 'results' | 'fixtureFile' | 'upFolder'>;
	places: Places;
	/** What is reserved on this host for its machines. */
	reservation: Reservation;
	/** Something did not pass on it. */
	isRed?: boolean;
	/** It stays up after the run. */
	isKept?: boolean;
}

/** Makes the folders of one more swarm of a cell: `cells/<cell>/swarm-<n>`. */
export function makePlaces(context: RunContext, cell: Cell): Places {
	const own = path.join(context.folder, 'cells', cell.id);
	fs.mkdirSync(own, {recursive: true});
	const count = fs.readdirSync(own).filter(name => name.startsWith('swarm-')).length + 1;
	const folder = path.join(own, `swarm-${count}`);
	fs.mkdirSync(folder);
	// Short: the path of a unix socket may have at most 107 bytes (unix(7)).
	const runtime = path.join(paths.runtime, `${context.id}-${context.cells.indexOf(cell)}-${count}`);
	return {
		folder,
		disks: leaseFolder(context.lease, path.join(folder, 'disks')),
		runtime: leaseFolder(context.lease, runtime),
	};
}

/** Takes a swarm down and removes its disks and sockets. Never throws: what cannot be ended is emitted as `leftover`. */
export async function closeSwarm(context: RunContext, {up, handle, places, reservation}: OpenSwarm): Promise<void> {
	for (const what of await up.down()) {
		context.emit({event: 'leftover', cell: handle.cell.id, what, why: 'it could not be ended'});
	}

	fs.rmSync(places.disks, {recursive: true, force: true});
	fs.rmSync(places.runtime, {recursive: true, force: true});
	reservation.release();
}

/** Whether `--keep` leaves a swarm up that its group needs no more. At most one of a cell stays. */
export function staysUp(
	{keep}: RunContext,
	{group, open}: {group: Group; open: readonly OpenSwarm[]},
	swarm: OpenSwarm,
	{isLast, isDirty}: {isLast: boolean; isDirty: boolean},
): boolean {
	if (keep === 'failed') {
		return swarm.isRed === true && !open.some(({isKept}) => isKept);
	}

	return keep && isLast && !isDirty && group.cluster === 'shared';
}

/** Reserves memory and CPUs of this host for a swarm; nothing for one that is up already. */
export async function reserveFor(context: RunContext, cell: Cell): Promise<Reservation> {
	if (context.onCell) {
		return {keep() {}, release() {}};
	}

	return reserve(
		{cell: cell.id, ...needOf(cell)},
		{
			signal: context.signal,
			onWait: why => context.emit({event: 'machine', cell: cell.id, machine: 'swarm', doing: `waits for ${why}`}),
			// A user who gives a number of cells accepts busy CPUs. Memory is never reserved twice.
			...(context.jobs !== 'auto' && {host: () => ({...hostCapacity(), cpus: Number.POSITIVE_INFINITY})}),
		},
	);
}
