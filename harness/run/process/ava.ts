/**
 * Runs scenario files with AVA in a separate process. The two processes share only files: the cell and the assignment go in,
 * one result per scenario comes out. A scenario without a result is recorded here as broken, with the output of its file.
 */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {nodeFaultsOn} from '../../faults/journal.ts';
import type {CellHandle, Job} from '../../model/index.ts';
import {programOfDependency} from '../../package.ts';
import {parentVariable} from '../../processes/watchdog.ts';
import {appendResult} from '../../record/results.ts';
import {displayPath} from '../../shown.ts';
import {workspace, workspaceVariable} from '../../workspace.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {HangWatch} from './hang-watch.ts';
import {type MissingResult, missing} from './missing.ts';
import {avaStartsOf} from './order.ts';
import {readProgress} from './progress.ts';
import type {ScenarioRun, ScenariosRun} from './scenario-run.ts';
import {endTree} from './tree.ts';

/**
 * Runs the files once. A file that hangs affects only itself: the process is ended and the files after it are run.
 * Never throws for what scenarios do. If the signal is aborted, it returns as soon as the process is gone.
 */
export async function runScenarios(run: ScenarioRun): Promise<ScenariosRun> {
	const cell = JSON.parse(fs.readFileSync(run.cellFile, 'utf8')) as CellHandle;
	const {files, scenarios: announced = [], order, assignment} = run;
	if (!order) {
		return runFiles(run, {cell, assignment}, files);
	}

	const all: MissingResult[] = [];
	for (const step of avaStartsOf({files, announced, order, whole: !assignment.only, workspace})) {
		const own = {...assignment, ...(step.only && {only: step.only})};
		const {missing: found, dirtied} = await runFiles(run, {cell, assignment: own}, step.files);
		all.push(...found);
		if (dirtied || run.signal?.aborted) {
			return {missing: all, dirtied};
		}
	}

	return {missing: all};
}

/** Starts AVA once, and once more after each file that hangs. */
async function runFiles(run: ScenarioRun, job: Job, files: readonly string[]): Promise<ScenariosRun> {
	const all: MissingResult[] = [];
	let rest = [...files];
	while (rest.length > 0 && !run.signal?.aborted) {
		const ended = await runOnce(run, job, rest);
		if (run.signal?.aborted) {
			break;
		}

		if (ended.dirtied) {
			return {missing: all, dirtied: ended.dirtied};
		}

		const done = ended.hungAt === undefined ? rest : rest.slice(0, rest.indexOf(ended.hungAt) + 1);
		rest = rest.slice(done.length);
		const names = new Set(done.map(file => displayPath(workspace, file)));
		const found = missing({
			...job,
			files: [...names],
			announced: (run.scenarios ?? []).filter(({file}) => names.has(file)),
			progress: readProgress(job),
			...ended,
			hungAt: ended.hungAt && displayPath(workspace, ended.hungAt),
		});
		for (const {result} of found) {
			appendResult(job.assignment.results, result);
		}

		all.push(...found);
		const left = nodeFaultsOn(job.cell.folder);
		if (left.length > 0) {
			// The next scenario must not meet them.
			const by = all.at(-1)?.result ?? {title: left[0]!.by, file: [...names][0]!};
			const changes = left.map(({what}) => `a fault was not undone: ${what}`);
			return {missing: all, dirtied: {scenario: {title: by.title, file: by.file}, changes}};
		}
	}

	return {missing: all};
}

interface ProcessEnd {
	exitCode: number | undefined;
	signal: string | undefined;
	output: string;
	/** The file in which the process hung; then we ended the process. */
	hungAt: string | undefined;
	/** The scenario that changed the cluster; then we ended the process as well. */
	dirtied: ScenariosRun['dirtied'];
}

async function runOnce(run: ScenarioRun, job: Job, files: readonly string[]): Promise<ProcessEnd> {
	const lines: string[] = [];
	const {folder} = job.cell;
	const assignmentFile = path.resolve(folder, 'assignment.json');
	writeAtomically(assignmentFile, `${JSON.stringify(job.assignment, undefined, '\t')}\n`);
	const log = fs.openSync(path.join(folder, 'ava.log'), 'a');
	const child = execa(process.execPath, [ava, '--config', config], {
		cwd: workspace,
		env: {
			SWARMLAB_CELL: path.resolve(run.cellFile),
			SWARMLAB_ASSIGNMENT: assignmentFile,
			SWARMLAB_FILES: JSON.stringify(files),
			[workspaceVariable]: workspace,
			FORCE_COLOR: '0',
			NO_COLOR: '1',
			[parentVariable]: String(process.pid),
		},
		stdin: 'ignore',
		all: true,
		buffer: false,
		reject: false,
		// Its own group, so that the process and all that it started can be ended as one.
		detached: true,
		cleanup: true,
	});
	const reading = (async () => {
		for await (const line of child.iterable({from: 'all'})) {
			lines.push(line);
			fs.writeSync(log, `${line}\n`);
			run.onOutput?.(line);
		}
	})();

	const ended = new AbortController();
	const watch = new HangWatch(run, job, files);
	const stop = () => void endTree(child.pid!);
	run.signal?.addEventListener('abort', stop, {once: true});
	if (run.signal?.aborted) {
		stop();
	}

	try {
		const hungAt = await Promise.race([watch.untilHung(ended.signal), child.then(() => undefined)]);
		if (hungAt !== undefined || watch.dirtied) {
			await endTree(child.pid!);
		}

		const result = await child;
		// A process that it started may hold its output open for ever.
		await Promise.race([reading, sleep(2000, undefined, {ref: false})]);
		await endTree(child.pid!);
		watch.look();
		return {exitCode: result.exitCode, signal: result.signal, output: lines.join('\n'), hungAt, dirtied: watch.dirtied};
	} finally {
		ended.abort();
		run.signal?.removeEventListener('abort', stop);
		fs.closeSync(log);
	}
}

const ava = programOfDependency('ava');
const config = path.join(import.meta.dirname, 'ava.config.js');
