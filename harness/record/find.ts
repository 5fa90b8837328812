/** Finds run folders by the names that a user gives. */
import fs from 'node:fs';
import path from 'node:path';
import {closest, distance} from 'fastest-levenshtein';
import {UsageError} from '../errors.ts';
import * as paths from '../paths.ts';
import {isUnfinished} from '../write-atomically.ts';
import {recordFile} from './record.ts';

/**
 * Returns the folder of a run. `name` is its path, the path of its record, its id, the beginning of its id, or `latest`.
 * Throws UsageError with the nearest id.
 */
export function findRun(name: string, runsFolder: string = paths.runs): string {
	if (fs.existsSync(recordFile(name))) {
		return path.resolve(name);
	}

	if (fs.statSync(name, {throwIfNoEntry: false})?.isFile()) {
		return folderOf(name);
	}

	if (name.trim() === '') {
		throw new UsageError("'' is no run.", {
			remedy: 'An empty variable of a shell, perhaps? Leave it out to take the last run.',
		});
	}

	// A name with a slash is a path: the id of a run has none.
	if (name.includes(path.sep) && fs.existsSync(name)) {
		throw new UsageError(`${name} has no run.jsonl, the record of a run.`, {
			remedy: 'Name the folder that it is in, or the id of a run.',
		});
	}

	const runs = listRuns(runsFolder);
	const latest = runs.at(-1);
	if (!latest) {
		throw new UsageError(`There is no run in ${runsFolder}`, {remedy: 'swarmlab run'});
	}

	const matching = runs.filter(each => each.startsWith(name));
	const found =
		name === 'latest' ? latest : runs.includes(name) ? name : matching.length === 1 ? matching[0] : undefined;
	if (found === undefined) {
		const nearest = matching.length > 1 ? matching.slice(-3).join(', ') : closest(name, runs);
		const near = matching.length > 1 || distance(name, nearest) <= 4;
		throw new UsageError(
			`${matching.length > 1 ? `${matching.length} runs begin with` : 'There is no run'} "${name}"`,
			{
				remedy: near ? `Did you mean ${nearest}?` : `The last one is ${latest}; they are in ${runsFolder}`,
			},
		);
	}

	return path.join(runsFolder, found);
}

/** Returns the folder of a record that is named itself. Reports are written beside the record, so it must have its own folder. */
function folderOf(file: string): string {
	const folder = path.dirname(path.resolve(file));
	if (path.resolve(file) !== recordFile(folder)) {
		throw new UsageError(`${file} is no record of a run: that is a file run.jsonl, in the folder of its run.`, {
			remedy: `If it is one under another name, put it into a folder of its own as run.jsonl and name that folder.`,
		});
	}

	return folder;
}

/** Returns the ids of the runs that have a record, oldest first: ids begin with the time. */
export function listRuns(runsFolder: string = paths.runs): string[] {
	const names = fs.existsSync(runsFolder) ? fs.readdirSync(runsFolder) : [];
	const isRun = (name: string) => name !== paths.latest && !isUnfinished(name);
	return names.filter(name => isRun(name) && fs.existsSync(recordFile(path.join(runsFolder, name)))).sort();
}
