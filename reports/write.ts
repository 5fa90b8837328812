/** All reports of a run, written into its folder so that a reader never sees half of one. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError, remedyOfWriting} from '../harness/errors.ts';
import type {Event} from '../harness/model.ts';
import {summarise} from '../harness/record/summarise.ts';
import type {RunSummary} from '../harness/record/summary.ts';
import {htmlPage} from './html/page.ts';
import {junitOfCell, junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';
import {dotless, unique} from './names.ts';

export interface Written {
	summary: RunSummary;
	/** Absolute paths, `junit.xml` first. */
	files: string[];
}

export interface WriteOptions {
	/** What could not be read of the record. */
	problems?: readonly string[];
	/** Paths of evidence in JUnit are relative to this folder, the workspace of the CI. Default: the working directory. */
	workspace?: string;
}

/**
 * Writes `junit.xml`, `junit/TEST-<cell>.xml`, `summary.md`, `index.html` and `summary.json`, each at once and whole.
 * A few milliseconds: cheap enough after every result; also of a run that is under way or was killed.
 * Throws HarnessError (disk full, no right to write).
 */
export function writeReports(
	runFolder: string,
	events: readonly Event[],
	{problems = [], workspace = process.cwd()}: WriteOptions = {},
): Written {
	const summary = summarise(events, problems);
	const relative = path.relative(workspace, path.resolve(runFolder));
	// Outside of the workspace only an absolute path leads anywhere.
	const options = {base: relative.startsWith('..') ? path.resolve(runFolder) : relative};
	const names = unique();
	const reports: [name: string, text: string][] = [
		['junit.xml', junitOfRun(summary, options)],
		...summary.cells.map(({cell}): [string, string] => [
			path.join('junit', `TEST-${names(dotless(cell.id))}.xml`),
			junitOfCell(summary, cell.id, options),
		]),
		['summary.md', markdown(summary)],
		['index.html', htmlPage(summary)],
		['summary.json', `${JSON.stringify(summary, undefined, '\t')}\n`],
	];
	return {summary, files: reports.map(([name, text]) => writeWhole(path.resolve(runFolder), name, text))};
}

function writeWhole(runFolder: string, name: string, text: string): string {
	const file = path.join(runFolder, name);
	const temporary = `${file}.${process.pid}.tmp`;
	try {
		makeFolder(path.dirname(file));
		fs.writeFileSync(temporary, text);
		fs.renameSync(temporary, file);
		return file;
	} catch (error) {
		if (fs.existsSync(temporary)) {
			fs.rmSync(temporary);
		}

		throw new HarnessError(`Cannot write the report ${file}: ${(error as Error).message}`, {
			remedy: `${remedyOfWriting(error, path.dirname(file))}, then make the reports again: swarmlab report ${runFolder}`,
			cause: error,
		});
	}
}

/** One level only: the run folder is there, or something is wrong that must be told (and Node's recursive mkdir never ends on /proc). */
function makeFolder(folder: string): void {
	if (!fs.existsSync(folder)) {
		fs.mkdirSync(folder);
	}
}
