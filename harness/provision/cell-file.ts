/** cell.json: every process that uses a cell finds it by this file. */
import path from 'node:path';
import {UsageError} from '../errors.ts';
import type {CellHandle} from '../model/index.ts';
import {writeAtomically} from '../write-atomically.ts';
import type {Provisioned} from './request.ts';

/** Increase it when this version cannot use older files: another version may have left a cell up. */
const schema = 3;

export function cellFilePath(folder: string): string {
	return path.join(folder, 'cell.json');
}

/** Makes the handle of a cell that is up. */
export function cellHandleOf(
	about: Pick<CellHandle, 'run' | 'cell' | 'folder' | 'faults' | 'saved'>,
	{up: {machines, lan, helpers}, subject, origin}: Pick<Provisioned, 'up' | 'subject' | 'origin'>,
): CellHandle {
	return {schema, ...about, machines, subject, ...(lan && {lan}), ...(helpers && {helpers}), origin};
}

/** Writes the file. It is written once and does not change while the cell is up. */
export function writeCellFile(handle: CellHandle): void {
	writeAtomically(cellFilePath(handle.folder), `${JSON.stringify(handle, undefined, '\t')}\n`);
}

/** Throws UsageError if another version brought the cell up: this version does not know how to reach its machines. */
export function requireReachable(handle: CellHandle): void {
	if (handle.schema !== schema) {
		throw new UsageError(`The cell ${handle.cell.id} was brought up by another version of swarmlab.`, {
			remedy: 'Use that version, or take the cell down: swarmlab down',
		});
	}
}
