/** One try at a claim: what its proof may use, and what it leaves for the result. */
import {type CpuTime, type Machine, watchCpuTime} from '../machine/index.ts';
import type {Assignment, CellHandle, Job, PlannedScenario, Reason, Result, Verdict} from '../model/index.ts';
import {withLimit} from './limit.ts';
import {writeProgress} from './progress.ts';

/** How a claim came out. */
export interface ClaimVerdict {
	verdict: Verdict;
	reason?: Reason;
}

/** Seconds without a CPU that are worth telling. */
const noticeableSeconds = 10;

export class Attempt {
	readonly cell: CellHandle;
	readonly assignment: Assignment;
	readonly planned: PlannedScenario;
	/** Those that it looks at; none until they are connected. */
	machines: readonly Machine[] = [];
	/** Those that it takes down on purpose: their death is not the lab's. */
	expectedDowntime: ReadonlySet<string> = new Set();
	/** How it came out, where no assertion tells it. */
	reported: ClaimVerdict | undefined;
	/** Of the proof, without what was made for it. */
	seconds = 0;
	metrics: Record<string, number> = {};
	/** Files that are kept whatever the verdict: relative to the run folder. */
	evidence: readonly string[] = [];
	/** What its log has besides what it logs itself. */
	readonly notes: string[] = [];
	readonly #startedAt = new Date().toISOString();
	/** What the machine that waited longest for a CPU of this host had of it since the attempt began. */
	readonly cpuTime: () => CpuTime;

	constructor({cell, assignment}: Job, planned: PlannedScenario) {
		this.cell = cell;
		this.assignment = assignment;
		this.planned = planned;
		this.cpuTime = watchCpuTime(cell.machines);
	}

	/** Tells what is awaited, for the people who wait. */
	readonly onProgress = (until: string): void => {
		writeProgress(this, {progress: 'waiting', scenario: this.planned, until});
	};

	/** Runs `body`, which may take `limit` seconds. Throws what `body` throws, and NotProvenError or WaitError when it is late. */
	async runWithLimit<T>(limit: number, description: string, body: () => Promise<T>): Promise<T> {
		return withLimit(limit, description, body, {starved: () => this.cpuTime().waitedSeconds, onWait: this.onProgress});
	}

	/** As `within`, for the proof itself: its seconds are those of the claim. */
	async prove<T>(limit: number, body: () => Promise<T>): Promise<T> {
		const start = performance.now();
		try {
			return await this.runWithLimit(limit, 'it is proven', body);
		} finally {
			this.seconds = (performance.now() - start) / 1000;
		}
	}

	/** Notes for how long the machines had no CPU, where that is worth telling. */
	noteStarvation(): void {
		const kept = this.cpuTime().waitedSeconds;
		if (kept > noticeableSeconds) {
			this.notes.push(`the machines waited ${kept.toFixed(0)} s for a CPU of this host, which did not count`);
		}
	}

	/** Its line of the results. `logs` are the claim's own, `gathered` what was gathered as it did not pass. */
	result(judged: ClaimVerdict, logs: readonly string[], gathered: readonly string[]): Result {
		const {cell, assignment, planned, seconds, metrics} = this;
		const {title, file, line} = planned;
		return {
			cell: cell.cell.id,
			title,
			file,
			line,
			origin: cell.origin,
			repetition: assignment.repetition,
			startedAt: this.#startedAt,
			verdict: judged.verdict,
			reason: judged.reason,
			seconds,
			metrics,
			evidence: [...this.evidence, ...gathered],
			log: [...logs, ...this.notes],
		};
	}
}
