/** Watches the scenario process: what it does now, and whether it does anything at all. */
import {setTimeout as sleep} from 'node:timers/promises';
import {limits} from '../../limits.ts';
import {watchStarvation} from '../../machine/index.ts';
import type {Job, PlannedScenario} from '../../model/index.ts';
import {isWanted} from '../../record/wanted.ts';
import {hungFile} from './hung-file.ts';
import {readProgress, type ScenarioProgress} from './progress.ts';
import type {ScenarioRun, ScenariosRun} from './scenario-run.ts';

/** Seconds beyond its own limits after which a process without progress is hung (an endless loop, a load that never ends). */
const silenceLimitSeconds = 240;

/** Reports which scenario starts, and notices when the process makes no progress any more. */
export class HangWatch {
	readonly #run: ScenarioRun;
	readonly #job: Job;
	readonly #files: readonly string[];
	/** The announced scenarios that this process runs. */
	readonly #announced: readonly PlannedScenario[];
	#reported: number;
	#last = performance.now();
	readonly #seen: ScenarioProgress[] = [];
	/** Seconds that the current scenario may take. Seconds in which its machines had no CPU do not count. */
	#limit = 0;
	readonly #starved: () => number;
	#starvedAtLast = 0;

	constructor(run: ScenarioRun, job: Job, files: readonly string[]) {
		this.#run = run;
		this.#job = job;
		this.#files = files;
		this.#announced = (run.scenarios ?? []).filter(each => isWanted(each, job.assignment));
		this.#reported = readProgress(job).length;
		this.#starved = watchStarvation(job.cell.machines);
	}

	dirtied: ScenariosRun['dirtied'];

	/**
	 * Returns the file in which the process hangs, as soon as it does; undefined if a scenario changed its cluster or `signal`
	 * is aborted.
	 */
	async untilHung(signal: AbortSignal): Promise<string | undefined> {
		const silence = this.#run.silenceLimitSeconds ?? silenceLimitSeconds;
		const starved = this.#starved;
		while (!signal.aborted) {
			this.look();
			if (this.dirtied) {
				return undefined;
			}

			const quiet = (performance.now() - this.#last) / 1000 - (starved() - this.#starvedAtLast);
			if (quiet > silence + this.#limit) {
				return hungFile(this.#files, this.#seen, this.#announced);
			}

			await sleep(limits.pollInterval * 1000, undefined, {signal}).catch(() => {});
		}

		return undefined;
	}

	/** Reads the progress since the last look. */
	look(): void {
		for (const progress of readProgress(this.#job).slice(this.#reported)) {
			this.#reported += 1;
			this.#seen.push(progress);
			if (progress.progress === 'waiting') {
				this.#run.onWaiting?.(progress.scenario, progress.until);
				continue;
			}

			if (progress.progress === 'dirty') {
				const {scenario, changes, stays} = progress;
				this.dirtied = {scenario, changes, ...(stays && {stays})};
			}

			// A new wait does not extend the limit of its scenario; every other line is progress.
			this.#last = performance.now();
			this.#starvedAtLast = this.#starved();
			// A claim that waits for a person may wait for ever.
			this.#limit = {started: progress.limit, paused: Number.POSITIVE_INFINITY}[progress.progress as string] ?? 0;
			if (progress.progress === 'paused') {
				void this.#run.onPaused?.(progress);
			}

			if (progress.progress === 'started') {
				this.#run.onStarted?.(progress.scenario);
			}
		}
	}
}
