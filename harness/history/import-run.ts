/** Takes runs from elsewhere, such as the artifacts of a CI, into the folder of the runs. */
import fs from 'node:fs';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import * as paths from '../paths.ts';
import {findRun} from '../record/find.ts';
import {readRecord, recordFile} from '../record/record.ts';
import {createAtomically} from '../write-atomically.ts';

export interface Imported {
	run: string;
	/** The folder that it has here. */
	folder: string;
	/** It was here before. */
	known: boolean;
}

/**
 * Copies the record of each run into the folder of the runs, under the id of the run. Reports can be made from the record; evidence
 * and consoles stay where they are. @param from a run folder, its record, or a folder of run folders.
 * Throws UsageError, and then nothing is copied.
 */
export function importRuns(from: string, runsFolder: string = paths.runs): Imported[] {
	const found = runFoldersIn(from).map(folder => ({folder, id: idOf(folder)}));
	const placed = found.map(({folder, id}) => ({folder, id, to: path.join(runsFolder, id)}));
	for (const {folder, id, to} of placed) {
		if (fs.existsSync(recordFile(to)) && !isSame(folder, to)) {
			throw new UsageError(`The run ${id} of ${folder} is here already, with another record: ${to}.`, {
				remedy: `If that one is not needed, remove ${to}, and import again.`,
			});
		}
	}

	return placed.map(({folder, id, to}) => {
		const known = fs.existsSync(recordFile(to));
		if (!known) {
			fs.mkdirSync(to, {recursive: true});
			createAtomically(recordFile(to), fs.readFileSync(recordFile(folder), 'utf8'));
		}

		return {run: id, folder: to, known};
	});
}

function runFoldersIn(from: string): string[] {
	const own = fs.statSync(from, {throwIfNoEntry: false});
	if (!own) {
		throw new UsageError(`${from} is not there.`, {remedy: 'Name the folder of a run, with its run.jsonl in it.'});
	}

	if (!own.isDirectory() || fs.existsSync(recordFile(from))) {
		return [findRun(from)];
	}

	const below = fs.readdirSync(from, {withFileTypes: true}).filter(each => each.isDirectory());
	const runs = below.map(({name}) => path.resolve(from, name)).filter(folder => fs.existsSync(recordFile(folder)));
	if (runs.length === 0) {
		throw new UsageError(`${from} has no run.jsonl, the record of a run, and neither has a folder in it.`, {
			remedy: 'Name the folder of a run, or the folder that has the folders of the runs.',
		});
	}

	return runs.sort();
}

/** Returns the id of the run. It becomes the name of a folder, so only what ids have may be in it. */
function idOf(folder: string): string {
	const {events} = readRecord(folder);
	const id = events.find(each => each.event === 'run-started')?.run ?? '';
	if (!/^[\w][\w.-]{0,99}$/.test(id) || id === paths.latest) {
		throw new UsageError(`${recordFile(folder)} has no run with an id: ${JSON.stringify(id.slice(0, 100))}.`, {
			remedy: 'Is it the record of a run? Its first line has the event run-started.',
		});
	}

	return id;
}

function isSame(folder: string, to: string): boolean {
	return fs.readFileSync(recordFile(folder)).equals(fs.readFileSync(recordFile(to)));
}
