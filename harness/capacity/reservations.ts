/**
 * What is promised on this host and who waits for it, on disk: a file for each. Who dies without a word is found by its
 * process.
 */
import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {variable} from '../environment.ts';
import * as paths from '../paths.ts';
import {identify, isAlive, leaseVariable, type ProcessIdentity, processesOf} from '../processes/processes.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {Commitment} from './admission.ts';
import type {Need} from './needs.ts';

interface Entry extends Need {
	cell: string;
	owner: ProcessIdentity;
	/** Marks the processes of its machines. */
	lease: string;
	/** Machines that were left up. */
	kept: ProcessIdentity[];
	/** It is no promise yet: its owner waits since then. Epoch milliseconds. */
	since?: number;
}

/** A promise of this process. */
export interface OwnReservation {
	/** From now on it counts as long as one of these processes lives, whatever becomes of this one. */
	keep(pids: readonly number[]): void;
	remove(): void;
}

/** A request of this process, in the queue. */
export interface OwnRequest {
	/** Epoch milliseconds. */
	since: number;
	remove(): void;
}

/** Writes a promise down, in the name of this process and its lease. */
export function writeReservation(request: Need & {cell: string}): OwnReservation {
	const file = newFile();
	const entry = entryOf(request);
	write(file, entry);
	return {
		keep: pids => write(file, {...entry, kept: pids.map(identify).filter(each => each !== undefined)}),
		remove: () => fs.rmSync(file, {force: true}),
	};
}

/** Writes down that this process waits. */
export function writeRequest(request: Need & {cell: string}): OwnRequest {
	const file = newFile();
	const since = Date.now();
	write(file, {...entryOf(request), since});
	return {since, remove: () => fs.rmSync(file, {force: true})};
}

/** All that count. */
export function readReservations(): Commitment[] {
	return readAll().flatMap(({since, kept, ...entry}) =>
		since === undefined ? [{...entry, kept: kept.length > 0}] : [],
	);
}

/**
 * What other processes were first to wait for. Their lease is not that of their machines: they have none for it yet.
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

/** The others are removed: their owner died, or their machines did after they were left up. */
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

/** MiB that the machines of each of these leases hold already. */
export function heldMemoryByLease(promises: readonly Commitment[]): Record<string, number> {
	const leases = new Set(promises.map(({lease}) => lease).filter(Boolean));
	return Object.fromEntries([...leases].map(lease => [lease, heldMemoryOf(lease)]));
}

/** Only what is no file's counts: the memory of a frozen machine, mapped, can be freed and is in MemAvailable. */
function heldMemoryOf(lease: string): number {
	return processesOf(lease)
		.filter(({command}) => /^\S*qemu-system-/.test(command))
		.map(({pid}) => Number(/^RssAnon:\s+(\d+) kB/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0) / 1024)
		.reduce((sum, each) => sum + each, 0);
}

function isInEffect({owner, kept}: Entry): boolean {
	return kept.length > 0 ? kept.some(isAlive) : isAlive(owner);
}

/** Whole or not at all: others may look at any time. */
function write(file: string, entry: Entry): void {
	fs.mkdirSync(paths.ledger, {recursive: true});
	writeAtomically(file, `${JSON.stringify(entry)}\n`);
}

function read(file: string): Entry | undefined {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8')) as Entry;
	} catch {
		return undefined;
	}
}

function readText(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
