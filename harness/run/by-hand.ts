/** Cells by hand: brings one up, finds it again from any process, takes it down. */
import path from 'node:path';
import type {Packages} from '../artifacts/packages/packages.ts';
import {needOf} from '../capacity/needs.ts';
import {type Reservation, reserve} from '../capacity/reserve.ts';
import {HarnessError, UsageError} from '../errors.ts';
import type {Cell, CellHandle, MachineHandle, Origin} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import * as paths from '../paths.ts';
import {type CleanupResult, type Lease, leaseFolder, readLeases, takeLease, writeLease} from '../processes/leases.ts';
import {createArtifactSource} from '../provision/artifacts.ts';
import {cellFilePath, cellHandleOf, requireReachable, writeCellFile} from '../provision/cell-file.ts';
import type {CellLog} from '../provision/cell-log.ts';
import {NotStacked} from '../provision/not-stacked.ts';
import {provision} from '../provision/provision.ts';
import {requireSame, type SavedCell} from '../provision/saved.ts';
import {object, readStored, text} from '../shape.ts';
import {servicesRefusal} from './cell.ts';
import {releaseLease} from './cleanup.ts';
import {providerOf, realDependencies} from './dependencies.ts';
import {withHostKernels} from './host-facts.ts';
import {onInterrupt, unlessAborted} from './interrupt.ts';
import {newRunId} from './run-id.ts';

/** A cell that is up: by `swarmlab up` or kept by `swarmlab run --keep`. */
export interface CellUp {
	lease: Lease;
	handle: CellHandle;
}

interface ByHand {
	packages: Packages;
	origin: Origin;
	print: (line: string) => void;
	/** The cell is one that was saved by name. */
	saved?: SavedCell;
	/** A cell of a program goes with its process. Default: `hand`, and it stays up until it is taken down. */
	by?: 'hand' | 'program';
}

/**
 * Brings a cell up with its swarm or stack and leaves it up.
 * Throws HarnessError; then nothing of the cell is left.
 */
export async function bringUp(wanted: Cell, {packages, origin, print, saved, by = 'hand'}: ByHand): Promise<CellUp> {
	const id = `${by}-${newRunId()}`;
	const lease = takeLease(id);
	const provider = providerOf(wanted, realDependencies);
	let reservation: Reservation | undefined;
	const interrupt = onInterrupt(signal => print(`${signal}: taking down`));
	try {
		const [cell] = (await withHostKernels([wanted], realDependencies.providers)) as [Cell];
		const folder = path.join(by === 'hand' ? paths.runs : paths.programs, id);
		const {signal} = interrupt;
		const log = printingLog(print);
		reservation = await reserve({cell: cell.id, ...needOf(cell)}, {signal, onWait: why => print(`waits for ${why}`)});
		const refusal = servicesRefusal(cell, provider);
		if (refusal) {
			throw new HarnessError(refusal);
		}

		const source = createArtifactSource(packages, log.artifact);
		const artifacts = await unlessAborted(source.forCell(cell, provider), signal);
		const helpers = cell.services && {
			lease: id,
			folder: path.join(folder, 'helpers'),
			trees: await unlessAborted(source.forHelpers(cell), signal),
		};
		const target = {cell, provider, artifacts, helpers};
		if (saved) {
			await requireSame(saved, target);
		}

		const provisioned = await provision({
			target,
			...(saved && {saved}),
			places: {
				folder: leaseFolder(lease, folder),
				disks: leaseFolder(lease, path.join(folder, 'disks')),
				runtime: leaseFolder(lease, path.join(paths.runtime, id)),
			},
			context: {lease, signal, log},
			preferredOrigin: wanted.plain ? 'cold boot' : origin,
		});
		const handle = cellHandleOf({run: id, cell, folder, faults: provider.faults, saved: saved?.name}, provisioned);
		writeCellFile(handle);
		interrupt.signal.throwIfAborted();
		const kept = {...lease, kept: by === 'hand', cells: [cellFilePath(folder)]};
		writeLease(kept);
		reservation.keep(handle.machines.flatMap(({pid}) => pid ?? []));
		return {lease: kept, handle};
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

/** Returns a log that prints the steps that take a while, the retries and the warnings. */
export function printingLog(print: (line: string) => void): CellLog {
	return {
		stage() {},
		machine: (name, doing) => print(`${name}: ${doing}`),
		machineRetried: (name, reason) => print(`${name}: trying again: ${reason.message}`),
		retried: reason => print(`trying again: ${reason.message}`),
		warn: message => print(`warning: ${message}`),
		artifact(event) {
			if (event.event === 'artifact') {
				print(`${event.kind} ${event.label}: ${event.state}${event.detail ? ` (${event.detail})` : ''}`);
			} else {
				print(`${event.level}: ${event.message}`);
			}
		},
	};
}

/** What the file of any version has. Who reaches the machines asks for the schema: see `requireReachable`. */
const named = object<{run: string; cell: {id: string}}>({run: text(), cell: object({id: text()})});

/** Returns every cell that is up, newest last. */
export function cellsUp(): CellUp[] {
	return readLeases()
		.filter(lease => lease.kept)
		.flatMap(lease =>
			lease.cells.flatMap(name => {
				const {value} = readStored(name, named);
				return value === undefined ? [] : [{lease, handle: value as CellHandle}];
			}),
		);
}

/** Returns what is wrong with the files of cells that are up and cannot be read, one sentence each. */
export function damagedCells(): string[] {
	return readLeases()
		.filter(lease => lease.kept)
		.flatMap(lease => lease.cells.flatMap(name => readStored(name, named).problem ?? []));
}

/**
 * Returns the newest cell that is up; with `name`, the newest whose id or run matches it. Throws UsageError with the cells
 * that are up.
 * @param matches returns whether a name means an id
 */
export function findUp(name: string | undefined, matches: (id: string, name: string) => boolean): CellUp {
	const all = cellsUp();
	const found = all.findLast(
		({handle}) => name === undefined || matches(handle.cell.id, name) || matches(handle.run, name),
	);
	if (!found) {
		const there = all.map(({handle}) => `${handle.cell.id} (${handle.run})`).join(', ');
		const [meant] = name
			? nearest(
					name,
					all.flatMap(({handle}) => [handle.cell.id, handle.run]),
					1,
				)
			: [];
		throw new UsageError(name && there ? `No cell "${name}" is up` : 'No cell is up', {
			remedy: there ? `${meant ? `Did you mean ${meant}? ` : ''}Up are: ${there}` : 'swarmlab up',
		});
	}

	return found;
}

/**
 * Returns the control socket of a cell's LAN, which takes faults and returns captures. Throws UsageError if its LAN has none:
 * only a switch of ours has one.
 */
export function requireLinkFaults({handle}: Pick<CellUp, 'handle'>): string {
	requireReachable(handle);
	if (!handle.lan?.control) {
		throw new UsageError(
			`The links of the cell ${handle.cell.id} can have no faults: no switch of swarmlab is between its nodes`,
			{
				remedy: 'docs/faults.md names the providers whose links can have faults.',
			},
		);
	}

	return handle.lan.control;
}

/** Returns a machine of a cell that is up. Throws UsageError with the names of its machines, or for a cell of another version. */
export function findMachine({handle}: CellUp, name: string): MachineHandle {
	requireReachable(handle);
	const found = handle.machines.find(machine => machine.name === name);
	if (!found) {
		throw new UsageError(`The cell ${handle.cell.id} has no machine "${name}"`, {
			remedy: `It has: ${handle.machines.map(machine => machine.name).join(', ')}`,
		});
	}

	return found;
}

/** Takes down all cells of the lease that a cell belongs to. */
export async function takeDown({lease}: CellUp): Promise<CleanupResult> {
	return releaseLease(lease);
}
