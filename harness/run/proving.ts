/** One run at a time proves on a cell that is up, and no command takes the cell away meanwhile. */
import path from 'node:path';
import {UsageError} from '../errors.ts';
import type {CellHandle} from '../model/index.ts';
import {holderOf, withLock} from '../store/lock.ts';

const lockOf = ({folder}: Pick<CellHandle, 'folder'>) => path.join(folder, 'proving');

/**
 * Proves on a cell that is up while no other run does.
 * @param waiting called once if it has to wait, with the process that proves
 */
export async function proveAlone<T>(
	handle: CellHandle,
	waiting: (holder: string) => void,
	prove: () => Promise<T>,
): Promise<T> {
	return withLock(lockOf(handle), waiting, prove);
}

/** Throws UsageError if a run proves on this cell. */
export async function requireIdle(handle: CellHandle): Promise<void> {
	const holder = await holderOf(lockOf(handle));
	if (holder !== undefined) {
		throw new UsageError(`${handle.cell.id} (${handle.run}) is in use: ${holder} proves claims on it.`, {
			remedy: 'Wait for that run, or end it by Ctrl-C. It leaves the cell up.',
		});
	}
}
