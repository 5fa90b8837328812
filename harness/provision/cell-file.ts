/** The file that a cell's scenario process, and every command that uses a cell, starts from. */
import path from 'node:path';
import type {CellFile} from '../model/index.ts';
import {writeAtomically} from '../write-atomically.ts';

export function cellFilePath(folder: string): string {
	return path.join(folder, 'cell.json');
}

export function writeCellFile(cellFile: CellFile): CellFile {
	writeAtomically(cellFilePath(cellFile.folder), `${JSON.stringify(cellFile, undefined, '\t')}\n`);
	return cellFile;
}
