/** The faults in nodes that are on, as files of their cell: any process finds them, also after the one that put them in was killed. */
import fs from 'node:fs';
import path from 'node:path';
import type {NodeFaultStatus} from '../model/index.ts';
import {createAtomically, writeAtomically} from '../write-atomically.ts';

/** Who put in what `swarmlab fault add` put in. Scenarios leave it alone. */
export const byHand = 'by hand';

/** @param cell folder of the cell */
const folderOf = (cell: string) => path.join(cell, 'faults');
const fileOf = (cell: string, id: string) => path.join(folderOf(cell), `${id}.json`);

/** Returns the faults in nodes that are on, or may be: the oldest first. */
export function nodeFaultsOn(cell: string): NodeFaultStatus[] {
	if (!fs.existsSync(folderOf(cell))) {
		return [];
	}

	return fs
		.readdirSync(folderOf(cell))
		.filter(name => /^n\d+\.json$/.test(name))
		.sort((a, b) => Number.parseInt(a.slice(1), 10) - Number.parseInt(b.slice(1), 10))
		.flatMap(name => {
			try {
				return [JSON.parse(fs.readFileSync(path.join(folderOf(cell), name), 'utf8')) as NodeFaultStatus];
			} catch {
				// It was healed meanwhile.
				return [];
			}
		});
}

/** Writes a fault down before it is put in, under an id that no other has. Returns it with this id. */
export function enter(cell: string, fault: Omit<NodeFaultStatus, 'id'>): NodeFaultStatus {
	fs.mkdirSync(folderOf(cell), {recursive: true});
	for (let number = 1; ; number++) {
		const entered = {id: `n${number}`, ...fault};
		try {
			createAtomically(fileOf(cell, entered.id), `${JSON.stringify(entered, undefined, '\t')}\n`);
			return entered;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}
}

export function amend(cell: string, fault: NodeFaultStatus): void {
	writeAtomically(fileOf(cell, fault.id), `${JSON.stringify(fault, undefined, '\t')}\n`);
}

export function strike(cell: string, {id}: NodeFaultStatus): void {
	fs.rmSync(fileOf(cell, id), {force: true});
}
