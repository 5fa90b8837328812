/**
 * Leases: what is up right now, on disk. There is one per run (or per cell brought up by hand), so that `gc` and `down`
 * work from another process, also after a crash.
 */
import fs from 'node:fs';
import path from 'node:path';
import {leaseVariable} from '../environment.ts';
import {limits} from '../limits.ts';
import * as paths from '../paths.ts';
import {flag, list, number, object, readStored, type Stored, text} from '../shape.ts';
import {writeAtomically} from '../write-atomically.ts';
import {endProcesses, identify, isAlive, type ProcessIdentity, processesOf} from './processes.ts';

export interface Lease {
	/** The run's id, or `hand-…`. */
	id: string;
	owner: ProcessIdentity;
	createdAt: string;
	/** Kept on purpose (`up`, `run --keep`): `gc` leaves it alone, `down` removes it. */
	kept: boolean;
	/** Folders that are removed with it. Each is listed here before it is made. */
	folders: string[];
	/** cell.json of each cell that is kept. */
	cells: string[];
}

/** What the cleanup of a lease found, and what it could not remove (`leftovers`). */
export interface CleanupResult {
	lease: string;
	processes: string[];
	folders: string[];
	/** What providers had elsewhere: machines of a hypervisor, networks. */
	outside?: string[];
	leftovers: string[];
}

const folder = path.join(paths.state, 'leases');

/** Takes a lease for this process and marks all its later child processes with it. */
export function takeLease(id: string): Lease {
	const lease: Lease = {
		id,
		owner: identify(process.pid)!,
		createdAt: new Date().toISOString(),
		kept: false,
		folders: [],
		cells: [],
	};
	process.env[leaseVariable] = id;
	writeLease(lease);
	return lease;
}

/** Makes a folder that is removed with the lease. The lease on disk lists it before it is made. */
export function leaseFolder(lease: Lease, name: string): string {
	lease.folders.push(name);
	writeLease(lease);
	fs.mkdirSync(name, {recursive: true, mode: 0o700});
	return name;
}

export function writeLease(lease: Lease): void {
	fs.mkdirSync(folder, {recursive: true});
	writeAtomically(leaseFile(lease.id), `${JSON.stringify(lease, undefined, '\t')}\n`);
}

const shape = object<Lease>({
	id: text(),
	owner: object<ProcessIdentity>({pid: number, startedAt: text()}),
	createdAt: text(),
	kept: flag,
	folders: list(text()),
	cells: list(text()),
});

/** Returns all leases on this host, oldest first. A lease that cannot be read is left out: see `damagedLeases`. */
export function readLeases(): Lease[] {
	return readAll()
		.flatMap(({value}) => value ?? [])
		.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

/** Returns what is wrong with leases that cannot be read, one sentence each. */
export function damagedLeases(): string[] {
	return readAll().flatMap(({problem}) => problem ?? []);
}

function readAll(): Stored<Lease>[] {
	const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter(name => name.endsWith('.json')) : [];
	// A run may end between the list and the look.
	return names
		.map(name => readStored(path.join(folder, name), shape))
		.filter(({problem}) => !problem?.includes('ENOENT'));
}

/** Returns whether the owner of a lease is gone and the lease is not kept. */
export function isAbandoned(lease: Lease): boolean {
	return !lease.kept && !isAlive(lease.owner);
}

/** Ends all processes of a lease, removes its folders and then the lease. Never throws: returns what is left. */
export async function cleanUpLease(lease: Lease): Promise<CleanupResult> {
	const processes = processesOf(lease.id);
	const alive = await endProcesses(processes, limits.processStop);
	const leftovers = alive.map(({pid}) => `process ${pid}`);
	const removed = lease.folders.filter(name => fs.existsSync(name));
	for (const name of removed) {
		try {
			fs.rmSync(name, {recursive: true, force: true});
		} catch (error) {
			leftovers.push(`folder ${name}: ${(error as Error).message}`);
		}
	}

	if (leftovers.length === 0) {
		fs.rmSync(leaseFile(lease.id), {force: true});
	}

	return {
		lease: lease.id,
		processes: processes.map(({pid, command}) => `${pid} ${command}`),
		folders: removed,
		leftovers,
	};
}

function leaseFile(id: string): string {
	return path.join(folder, `${id}.json`);
}
