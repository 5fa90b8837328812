/** A cell by hand: up, found again from any process, down. */
import fs from 'node:fs';
import path from 'node:path';
import type {PackageSettings} from '../artifacts/packages/settings.ts';
import {needOf} from '../capacity/needs.ts';
import {type Reservation, reserve} from '../capacity/reserve.ts';
import {HarnessError, UsageError} from '../errors.ts';
import type {Cell, CellFile, MachineHandle, Origin} from '../model/index.ts';
import * as paths from '../paths.ts';
import {type CleanupResult, type Lease, leaseFolder, readLeases, takeLease, writeLease} from '../processes/leases.ts';
import {openShelf} from '../provision/artifacts.ts';
import {cellFilePath, requireReachable, writeCellFile} from '../provision/cell-file.ts';
import type {CellLog} from '../provision/cell-log.ts';
import {NotStacked} from '../provision/not-stacked.ts';
import {provision} from '../provision/provision.ts';
import {releaseLease} from './cleanup.ts';
import {onInterrupt} from './interrupt.ts';
import {providerOf, realMeans} from './means.ts';
import {newRunId} from './run-id.ts';

/** A cell that is up: by `swarmlab up` or kept by `swarmlab run --keep`. */
export interface CellUp {
	lease: Lease;
	file: CellFile;
}

/**
 * Brings a cell up with a formed swarm and leaves it up.
 * Throws HarnessError; then nothing of it is left.
 */
export async function bringUp(
	cell: Cell,
	{packages, origin, say}: {packages: PackageSettings; origin: Origin; say: (line: string) => void},
): Promise<CellUp> {
	const id = `hand-${newRunId()}`;
	const lease = takeLease(id);
	const provider = providerOf(cell, realMeans);
	let reservation: Reservation | undefined;
	const interrupt = onInterrupt(signal => say(`${signal}: taking down`));
	try {
		const folder = path.join(paths.runs, id);
		const {signal} = interrupt;
		const log = saidLog(say);
		reservation = await reserve(
			{cell: cell.id, ...needOf(cell.topology)},
			{signal, onWait: why => say(`waits for ${why}`)},
		);
		const artifacts = await openShelf(packages, log.artifact).of(cell, provider);
		const {up, swarm, stack, ...provisioned} = await provision({
			target: {cell, provider, artifacts},
			places: {
				folder: leaseFolder(lease, folder),
				disks: leaseFolder(lease, path.join(folder, 'disks')),
				runtime: leaseFolder(lease, path.join(paths.runtime, id)),
			},
			context: {lease, signal, log},
			quickest: cell.plain ? 'cold boot' : origin,
		});
		const file: CellFile = {
			run: id,
			cell,
			machines: up.machines,
			swarm,
			...(stack && {stack}),
			folder,
			results: path.join(folder, 'results.jsonl'),
			filter: [],
			repetition: 1,
			origin: provisioned.origin,
			fixtureFile: path.join(folder, 'fixture.json'),
		};
		writeCellFile(file);
		interrupt.signal.throwIfAborted();
		const kept = {...lease, kept: true, cells: [cellFilePath(folder)]};
		writeLease(kept);
		reservation.keep(up.machines.flatMap(({pid}) => pid ?? []));
		return {lease: kept, file};
	} catch (error) {
		await releaseLease(lease);
		reservation?.release();
		throw error instanceof NotStacked ? stackFailed(error) : error;
	} finally {
		interrupt.stop();
	}
}

function stackFailed({message, outcome}: NotStacked): HarnessError {
	const {files, failure} = outcome;
	return new HarnessError(`stack.sh did not complete: ${message}\n  its log: ${files[0]}`, {
		remedy: failure?.signature?.remedy,
	});
}

/** Tells a person what of it takes a while, and what is not as it should be. */
function saidLog(say: (line: string) => void): CellLog {
	return {
		stage() {},
		machine: (name, doing) => say(`${name}: ${doing}`),
		machineRetried: (name, reason) => say(`${name}: trying again: ${reason.message}`),
		retried: reason => say(`trying again: ${reason.message}`),
		warn: message => say(`warning: ${message}`),
		artifact(event) {
			if (event.event === 'artifact') {
				say(`${event.kind} ${event.label}: ${event.state}${event.detail ? ` (${event.detail})` : ''}`);
			} else {
				say(`${event.level}: ${event.message}`);
			}
		},
	};
}

/** Every cell that is up, newest last. */
export function cellsUp(): CellUp[] {
	return readLeases()
		.filter(lease => lease.kept)
		.flatMap(lease =>
			lease.cells.flatMap(name => {
				try {
					return [{lease, file: JSON.parse(fs.readFileSync(name, 'utf8')) as CellFile}];
				} catch {
					return [];
				}
			}),
		);
}

/**
 * The newest cell that is up, or the newest whose id or run `name` means.
 * @param matches says which ids a name means. Throws UsageError with those there are.
 */
export function findUp(name: string | undefined, matches: (id: string, name: string) => boolean): CellUp {
	const all = cellsUp();
	const found = all.findLast(({file}) => name === undefined || matches(file.cell.id, name) || matches(file.run, name));
	if (!found) {
		const there = all.map(({file}) => `${file.cell.id} (${file.run})`).join(', ');
		throw new UsageError(name && there ? `No cell "${name}" is up` : 'No cell is up', {
			remedy: there ? `Up are: ${there}` : 'swarmlab up',
		});
	}

	return found;
}

/** A machine of a cell that is up. Throws UsageError with the names there are, or for a cell of another version. */
export function findMachine({file}: CellUp, name: string): MachineHandle {
	requireReachable(file);
	const found = file.machines.find(machine => machine.name === name);
	if (!found) {
		throw new UsageError(`The cell ${file.cell.id} has no machine "${name}"`, {
			remedy: `It has: ${file.machines.map(machine => machine.name).join(', ')}`,
		});
	}

	return found;
}

/** Takes the lease of a cell down with all its cells. */
export async function takeDown({lease}: CellUp): Promise<CleanupResult> {
	return releaseLease(lease);
}
