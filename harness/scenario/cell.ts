/** What the harness handed to this process: the cell that the scenarios are proven on, and what is to be done on it. */
import fs from 'node:fs';
import path from 'node:path';
import {variable} from '../environment.ts';
import {UsageError} from '../errors.ts';
import type {Assignment, CellHandle, Job} from '../model/index.ts';

/** Names the file cell.json. */
const cellVariable = 'SWARMLAB_CELL';

/** Names the file assignment.json. */
const assignmentVariable = 'SWARMLAB_ASSIGNMENT';

/** Set by whoever only wants to know what a file claims. */
export const announceVariable = 'SWARMLAB_ANNOUNCE';

/** Set by whoever only wants one of a file's fixtures made. */
export const fixtureVariable = 'SWARMLAB_FIXTURE';

/** Reads both files. Throws UsageError when a scenario file was started by anything but the harness. */
export function readJob(): Job {
	const [cell, assignment] = [variable(cellVariable), variable(assignmentVariable)];
	if (!cell || !assignment) {
		throw new UsageError('A scenario file does not run by itself', {
			remedy: `swarmlab run ${process.argv[1] ?? 'FILE'}`,
		});
	}

	return {
		cell: JSON.parse(fs.readFileSync(cell, 'utf8')) as CellHandle,
		assignment: JSON.parse(fs.readFileSync(assignment, 'utf8')) as Assignment,
	};
}

/** The run folder that the cell's folder is in: evidence is told relative to it. */
export function runFolder({folder, run}: CellHandle): string {
	for (let at = folder; path.dirname(at) !== at; at = path.dirname(at)) {
		if (path.basename(at) === run) {
			return at;
		}
	}

	return path.dirname(folder);
}

/**
 * The path, or the next like it where something is already: titles may be alike, and no scenario writes over what another one
 * has left.
 */
export function unused(file: string): string {
	const {dir, name, ext} = path.parse(file);
	let free = file;
	for (let count = 2; fs.existsSync(free); count++) {
		free = path.join(dir, `${name}_${count}${ext}`);
	}

	return free;
}

/** What is going on in the scenario process, for the harness: one JSON line each. Beside the results. */
export function progressFile({folder}: CellHandle): string {
	return path.join(folder, 'progress.jsonl');
}
