/** The file by which every process that uses a cell finds it. */
import path from 'node:path';
import {UsageError} from '../errors.ts';
import type {CellHandle} from '../model/index.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {Provisioned} from './request.ts';

/** Raised when older files cannot be used any more: a cell may have been left up by another version. */
const schema = 3;

export function cellFilePath(folder: string): string {
	return path.join(folder, 'cell.json');
}

/** The handle of a cell that is up. */
export function cellHandleOf(
	about: Pick<CellHandle, 'run' | 'cell' | 'folder'>,
	{up: {machines, lan}, subject, origin}: Pick<Provisioned, 'up' | 'subject' | 'origin'>,
): CellHandle {
	return {schema, ...about, machines, subject, ...(lan && {lan}), origin};
}

/** Writes the file, once for all: it stays as it is while the cell is up. */
export function writeCellFile(handle: CellHandle): void {
	writeAtomically(cellFilePath(handle.folder), `${JSON.stringify(handle, undefined, '\t')}\n`);
}

/** Throws UsageError for a cell whose machines this version does not know how to reach. */
export function requireReachable(handle: CellHandle): void {
	if (handle.schema !== schema) {
		throw new UsageError(`The cell ${handle.cell.id} was brought up by another version of swarmlab.`, {
			remedy: 'Use that version, or take the cell down: swarmlab down',
		});
	}
}
