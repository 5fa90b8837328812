/**
 * The reservations on this host and the requests that wait, on disk: a file for each. If the owner dies without removing
 * its file, other processes find that out by its process identity.
 */
import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {leaseVariable, variable} from '../environment.ts';
import * as paths from '../paths.ts';
import {identify, isAlive, type ProcessIdentity, processesOf} from '../processes/processes.ts';
import {list, number, object, optional, readStored, text} from '../shape.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {Commitment} from './admission.ts';
import type {Need} from './needs.ts';

interface Entry extends Need {
	cell: string;
	owner: ProcessIdentity;
	/** Marks the processes of its machines. */
	lease: string;
	/** Processes of machines that were left up. */
	kept: ProcessIdentity[];
	/** Set for a request, not for a reservation: its owner waits since then. Epoch milliseconds. */
	since?: number;
}

const identity = object<ProcessIdentity>({pid: number, startedAt: text()});
const shape = object<Entry>({
	cell: text(),
	memory: number,
	cpus: number,
	owner: identity,
	lease: text(),
	kept: list(identity),
	since: optional(number),
});

/** A reservation of this process. */
export interface OwnReservation {
	/** From now on it counts as long as one of these processes lives, even if this process ends. */
	keep(pids: readonly number[]): void;
	remove(): void;
}

/** A request of this process, in the queue. */
export interface OwnRequest {
	/** Epoch milliseconds. */
	since: number;
	remove(): void;
}

/** Writes a reservation of this process and its lease. */
export function writeReservation(request: Need & {cell: string}): OwnReservation {
	const file = newFile();
	const entry = entryOf(request);
	write(file, entry);
	return {
		keep: pids => write(file, {...entry, kept: pids.map(identify).filter(each => each !== undefined)}),
		remove: () => fs.rmSync(file, {force: true}),
	};
}

/** Writes a request: this process waits. */
export function writeRequest(request: Need & {cell: string}): OwnRequest {
	const file = newFile();
	const since = Date.now();
	write(file, {...entryOf(request), since});
	return {since, remove: () => fs.rmSync(file, {force: true})};
}

/** Returns all reservations that count. */
export function readReservations(): Commitment[] {
	return readAll().flatMap(({since, kept, ...entry}) =>
		since === undefined ? [{...entry, kept: kept.length > 0}] : [],
	);
}

/**
 * Returns the requests of other processes that began to wait before `since`. They have no machines yet, so `lease` is
 * changed: it matches no machines.
 * @param since epoch milliseconds
 */
export function readEarlierRequests(since: number): Commitment[] {
	return readAll().flatMap(entry =>
		entry.since !== undefined && entry.since < since && entry.owner.pid !== process.pid
			? [{...entry, kept: false, lease: `${entry.lease}, waiting`}]
			: [],
	);
}

function newFile(): string {
	return path.join(paths.ledger, `${randomUUID()}.json`);
}

function entryOf({cell, memory, cpus}: Need & {cell: string}): Entry {
	return {cell, memory, cpus, owner: identify(process.pid)!, lease: variable(leaseVariable) ?? '', kept: []};
}

/** Returns the entries that count. Removes the others: their owner died, or the machines that it left up did. */
function readAll(): Entry[] {
	const names = fs.existsSync(paths.ledger) ? fs.readdirSync(paths.ledger) : [];
	return names
		.filter(name => name.endsWith('.json'))
		.flatMap(name => {
			const file = path.join(paths.ledger, name);
			const entry = read(file);
			if (entry && isInEffect(entry)) {
				return [entry];
			}

			fs.rmSync(file, {force: true});
			return [];
		});
}

/** Returns the MiB that the machines of each of these leases hold already. */
export function heldMemoryByLease(promises: readonly Commitment[]): Record<string, number> {
	const leases = new Set(promises.map(({lease}) => lease).filter(Boolean));
	return Object.fromEntries([...leases].map(lease => [lease, heldMemoryOf(lease)]));
}

/** Counts only memory that is not mapped from a file. The mapped memory of a snapshot can be freed and is in MemAvailable. */
function heldMemoryOf(lease: string): number {
	return processesOf(lease)
		.filter(({command}) => /^\S*qemu-system-/.test(command))
		.map(({pid}) => Number(/^RssAnon:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0) / 1024)
		.reduce((sum, each) => sum + each, 0);
}

function isInEffect({owner, kept}: Entry): boolean {
	return kept.length > 0 ? kept.some(isAlive) : isAlive(owner);
}

/** Writes the whole file or nothing: other processes may read it at any time. */
function write(file: string, entry: Entry): void {
	fs.mkdirSync(paths.ledger, {recursive: true});
	writeAtomically(file, `${JSON.stringify(entry)}\n`);
}

function read(file: string): Entry | undefined {
	return readStored(file, shape).value;
}

function readText(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
