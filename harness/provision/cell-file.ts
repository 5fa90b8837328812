/** The file that a cell's scenario process, and every command that uses a cell, starts from. */
import path from 'node:path';
import {UsageError} from '../errors.ts';
import type {CellFile} from '../model/index.ts';
import {writeAtomically} from '../write-atomically.ts';

/** Raised when older files cannot be used any more: a cell may have been left up by another version. */
const schema = 3;

export function cellFilePath(folder: string): string {
	return path.join(folder, 'cell.json');
}

export function writeCellFile(cellFile: CellFile): CellFile {
	const text = JSON.stringify({schema, ...cellFile}, undefined, '\t');
	writeAtomically(cellFilePath(cellFile.folder), `${text}\n`);
	return cellFile;
}

/** Throws UsageError for a cell whose machines this version does not know how to reach. */
export function requireReachable(cellFile: CellFile): void {
	if (cellFile.schema !== schema) {
		throw new UsageError(`The cell ${cellFile.cell.id} was brought up by another version of swarmlab.`, {
			remedy: 'Use that version, or take the cell down: swarmlab down',
		});
	}
}
