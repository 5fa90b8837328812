/** Reads what the harness passes to this process: the cell on which the scenarios run, and the assignment. */
import fs from 'node:fs';
import path from 'node:path';
import {variable} from '../environment.ts';
import {UsageError} from '../errors.ts';
import type {Assignment, CellHandle, Job} from '../model/index.ts';

/** Variable with the path of cell.json. */
const cellVariable = 'SWARMLAB_CELL';

/** Variable with the path of assignment.json. */
const assignmentVariable = 'SWARMLAB_ASSIGNMENT';

/** Set when a scenario file only announces its claims. */
export const announceVariable = 'SWARMLAB_ANNOUNCE';

/** Set when only one fixture of a file is made. */
export const fixtureVariable = 'SWARMLAB_FIXTURE';

/** Reads both files. Throws UsageError when the scenario file was not started by the harness. */
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

/** Returns the run folder that contains the cell's folder. Paths of evidence are relative to it. */
export function runFolder({folder, run}: CellHandle): string {
	for (let at = folder; path.dirname(at) !== at; at = path.dirname(at)) {
		if (path.basename(at) === run) {
			return at;
		}
	}

	return path.dirname(folder);
}

/**
 * Returns the path, or the next free one (`name_2.ext`) if it exists. Titles may be alike, and a scenario must not overwrite
 * the files of another one.
 */
export function unused(file: string): string {
	const {dir, name, ext} = path.parse(file);
	let free = file;
	for (let count = 2; fs.existsSync(free); count++) {
		free = path.join(dir, `${name}_${count}${ext}`);
	}

	return free;
}

/** Returns the file in which this process reports its progress to the harness, one JSON line each. It is beside the results. */
export function progressFile({folder}: CellHandle): string {
	return path.join(folder, 'progress.jsonl');
}
