/**
 * Scenario files in a process of their own, run by AVA. The two meet only through files: the cell goes in,
 * one result per scenario comes out; what leaves no result is written as broken here, with what its file said.
 */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {execa} from 'execa';
import {limits} from '../../limits.ts';
import {watchStarvation} from '../../machine/index.ts';
import type {CellFile, PlannedScenario} from '../../model/index.ts';
import {project} from '../../paths.ts';
import {parentVariable} from '../../processes/watchdog.ts';
import {appendResult} from '../../record/results.ts';
import {shownFrom} from '../../shown.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {type Missing, missing} from './missing.ts';
import {stepsOf} from './order.ts';
import {readProgress, type ScenarioProgress} from './progress.ts';
import {endTree} from './tree.ts';

export interface ScenarioRun {
	/** The file cell.json. */
	cellFile: string;
	/** Absolute, in the order in which they are run. */
	files: readonly string[];
	/** What was announced before; a scenario that then does not register is missed as well. */
	scenarios?: readonly PlannedScenario[];
	/** The order in which they are proven, whatever their files; without: as the files hold them. */
	order?: readonly PlannedScenario[];
	/** Told to end: the process goes at once, with all that it started. */
	signal?: AbortSignal;
	/** A line of AVA's own output. All of it is in ava.log in the cell's folder as well. */
	onOutput?: (line: string) => void;
	onStarted?: (scenario: PlannedScenario) => void;
	/** What the scenario waits for now. */
	onWaiting?: (scenario: PlannedScenario, until: string) => void;
	/** Seconds in which a file must load, and in which the process must end after its last result. */
	patience?: number;
}

/** What came of it; the missing are among the results already. */
export interface ScenariosRun {
	missing: Missing[];
	/** A scenario that left the cluster other than it was, and how: those after it were not run. */
	soiled?: {scenario: PlannedScenario; changes: string[]};
}

/** A process that says nothing for so long beyond its own limits is hung (an endless loop, a load that never ends). */
const patience = 240;

/**
 * Runs the files once. A file that hangs costs only itself: the process is ended and the files after it are run.
 * Never throws for what scenarios do. When the signal is given it returns as soon as the process is gone.
 */
export async function runScenarios(run: ScenarioRun): Promise<ScenariosRun> {
	const cell = JSON.parse(fs.readFileSync(run.cellFile, 'utf8')) as CellFile;
	const {files, scenarios: announced = [], order} = run;
	if (!order) {
		return runFiles(run, cell, files);
	}

	const all: Missing[] = [];
	try {
		for (const step of stepsOf({files, announced, order, whole: !cell.only, project})) {
			const own = {...cell, ...(step.only && {only: step.only})};
			writeAtomically(run.cellFile, JSON.stringify(own));
			const {missing: found, soiled} = await runFiles(run, own, step.files);
			all.push(...found);
			if (soiled || run.signal?.aborted) {
				return {missing: all, ...(soiled && {soiled})};
			}
		}
	} finally {
		writeAtomically(run.cellFile, `${JSON.stringify(cell, undefined, '\t')}\n`);
	}

	return {missing: all};
}

/** One start of AVA, and one more after each file that hangs. */
async function runFiles(run: ScenarioRun, cell: CellFile, files: readonly string[]): Promise<ScenariosRun> {
	const all: Missing[] = [];
	let rest = [...files];
	while (rest.length > 0 && !run.signal?.aborted) {
		const ended = await runOnce(run, cell, rest);
		if (run.signal?.aborted) {
			break;
		}

		if (ended.soiled) {
			return {missing: all, soiled: ended.soiled};
		}

		const done = ended.hungAt === undefined ? rest : rest.slice(0, rest.indexOf(ended.hungAt) + 1);
		rest = rest.slice(done.length);
		const names = new Set(done.map(file => shownFrom(project, file)));
		const found = missing({
			cell,
			files: [...names],
			announced: (run.scenarios ?? []).filter(({file}) => names.has(file)),
			progress: readProgress(cell),
			...ended,
			hungAt: ended.hungAt && shownFrom(project, ended.hungAt),
		});
		for (const {result} of found) {
			appendResult(cell.results, result);
		}

		all.push(...found);
	}

	return {missing: all};
}

interface Ended {
	exitCode: number | undefined;
	signal: string | undefined;
	output: string;
	/** The file in which the process hung; then it was ended by us. */
	hungAt: string | undefined;
	/** Then it was ended by us as well. */
	soiled: ScenariosRun['soiled'];
}

async function runOnce(run: ScenarioRun, cell: CellFile, files: readonly string[]): Promise<Ended> {
	const lines: string[] = [];
	const log = fs.openSync(path.join(cell.folder, 'ava.log'), 'a');
	const child = execa(process.execPath, [ava, '--config', config], {
		cwd: project,
		env: {
			SWARMLAB_CELL: path.resolve(run.cellFile),
			SWARMLAB_FILES: JSON.stringify(files.map(file => path.relative(project, file))),
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
	const watch = new Watch(run, cell, files);
	const stop = () => void endTree(child.pid!);
	run.signal?.addEventListener('abort', stop, {once: true});
	if (run.signal?.aborted) {
		stop();
	}

	try {
		const hungAt = await Promise.race([watch.untilHung(ended.signal), child.then(() => undefined)]);
		if (hungAt !== undefined || watch.soiled) {
			await endTree(child.pid!);
		}

		const result = await child;
		// Something that it started may hold its output open for ever.
		await Promise.race([reading, sleep(2000, undefined, {ref: false})]);
		await endTree(child.pid!);
		watch.look();
		return {exitCode: result.exitCode, signal: result.signal, output: lines.join('\n'), hungAt, soiled: watch.soiled};
	} finally {
		ended.abort();
		run.signal?.removeEventListener('abort', stop);
		fs.closeSync(log);
	}
}

/** Tells what starts and notices when nothing moves any more. */
class Watch {
	readonly #run: ScenarioRun;
	readonly #cell: CellFile;
	readonly #files: readonly string[];
	#told: number;
	#last = performance.now();
	#now: ScenarioProgress | undefined;
	/** Seconds that the scenario under way may take; those in which its machines had no CPU do not count. */
	#limit = 0;
	readonly #starved: () => number;
	#starvedAtLast = 0;

	constructor(run: ScenarioRun, cell: CellFile, files: readonly string[]) {
		this.#run = run;
		this.#cell = cell;
		this.#files = files;
		this.#told = readProgress(cell).length;
		this.#starved = watchStarvation(cell.machines);
	}

	soiled: ScenariosRun['soiled'];

	/** Returns the file in which the process hangs, as soon as it does; undefined when it soiled its cluster or `signal` is given. */
	async untilHung(signal: AbortSignal): Promise<string | undefined> {
		const silence = this.#run.patience ?? patience;
		const starved = this.#starved;
		while (!signal.aborted) {
			this.look();
			if (this.soiled) {
				return undefined;
			}

			const quiet = (performance.now() - this.#last) / 1000 - (starved() - this.#starvedAtLast);
			if (quiet > silence + this.#limit) {
				return hungFile(this.#files, this.#now);
			}

			await sleep(limits.poll * 1000, undefined, {signal}).catch(() => {});
		}

		return undefined;
	}

	/** Takes in what was said since the last look. */
	look(): void {
		for (const progress of readProgress(this.#cell).slice(this.#told)) {
			this.#told += 1;
			this.#now = progress;
			if (progress.progress === 'waiting') {
				this.#run.onWaiting?.(progress.scenario, progress.until);
				continue;
			}

			if (progress.progress === 'soiled') {
				this.soiled = {scenario: progress.scenario, changes: progress.changes};
			}

			// A wait that begins does not extend the limit of its scenario; everything else is a step forward.
			this.#last = performance.now();
			this.#starvedAtLast = this.#starved();
			this.#limit = progress.progress === 'started' ? progress.limit : 0;
			if (progress.progress === 'started') {
				this.#run.onStarted?.(progress.scenario);
			}
		}
	}
}

/** The file of the last sign of life; after a file's last result, or before any, the one that was being loaded. */
function hungFile(files: readonly string[], now: ScenarioProgress | undefined): string {
	const at = files.findIndex(file => shownFrom(project, file) === now?.scenario.file);
	const loading = now?.progress === 'ended' ? at + 1 : Math.max(at, 0);
	return files[Math.min(loading, files.length - 1)]!;
}

const ava = path.join(project, 'node_modules', 'ava', 'entrypoints', 'cli.js');
const config = path.join(import.meta.dirname, 'ava.config.js');
