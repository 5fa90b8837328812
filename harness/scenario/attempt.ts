/** One attempt to prove a claim: what the proof may use, and what the attempt adds to the result. */
import {CpuWatch, type Machine} from '../machine/index.ts';
import type {
	Assignment,
	CellHandle,
	Disagreement,
	FaultRecord,
	Job,
	PlannedScenario,
	Reason,
	Result,
	Verdict,
} from '../model/index.ts';
import {watchConsoles} from './console-watch.ts';
import {withLimit} from './limit.ts';
import {writeProgress} from './progress.ts';
import {type Starved, starvedMachine} from './starved.ts';

/** The outcome of a claim. */
export interface ClaimVerdict {
	verdict: Verdict;
	reason?: Reason;
}

/** From so many seconds without a CPU on, the log has a note. */
const noticeableSeconds = 10;

export class Attempt {
	readonly cell: CellHandle;
	readonly assignment: Assignment;
	readonly planned: PlannedScenario;
	/** The machines that the claim uses; empty until they are connected. */
	machines: readonly Machine[] = [];
	/** Names of machines that the scenario takes down on purpose. If they end, it is not trouble of the lab. */
	expectedDowntime: ReadonlySet<string> = new Set();
	/** The outcome, where no assertion decides it. */
	reported: ClaimVerdict | undefined;
	/** Seconds of the proof, without the time in which its fixture is made. */
	seconds = 0;
	metrics: Record<string, number> = {};
	/** Files that are kept with every verdict. Paths are relative to the run folder. */
	evidence: readonly string[] = [];
	/** What the claim asks of the kernel, for the diagnosis; undefined where the kernel does not matter. */
	asks: readonly string[] | undefined;
	/** What nodes have other than the managers report, though the claim holds. */
	disagreements: readonly Disagreement[] = [];
	/** Faults that the scenario put in. */
	faults: readonly FaultRecord[] = [];
	/** Faults that were put in by hand, and were on meanwhile. */
	faultsByHand: readonly FaultRecord[] = [];
	/** Lines that the harness adds to the claim's own log. */
	readonly notes: string[] = [];
	/** ISO 8601, UTC. */
	readonly startedAt = new Date().toISOString();
	/** Reads what the kernels have printed about faults of their own since the attempt began. */
	readonly kernelTroubles: (starved: boolean) => Disagreement[];
	/** Whether the machines waited so long for a CPU that their times mean little. */
	isStarved = false;
	/** What CPU time the machines got since the attempt began. */
	readonly #cpu: CpuWatch;

	constructor({cell, assignment}: Job, planned: PlannedScenario) {
		this.cell = cell;
		this.assignment = assignment;
		this.planned = planned;
		this.kernelTroubles = watchConsoles(cell.machines);
		this.#cpu = new CpuWatch(cell.machines, {keepsHistory: true});
	}

	/** All faults that were on, the oldest first. */
	get allFaults(): FaultRecord[] {
		return [...this.faultsByHand, ...this.faults];
	}

	/** Reports what is awaited, for the progress display. */
	readonly onProgress = (until: string): void => {
		writeProgress(this, {progress: 'waiting', scenario: this.planned, until});
	};

	/** Runs `body`, which may take `limit` seconds. Throws what `body` throws; NotProvenError or WaitError when it is late. */
	async runWithLimit<T>(limit: number, description: string, body: () => Promise<T>): Promise<T> {
		return withLimit(limit, description, body, {starved: () => this.#cpu.waitedSeconds(), onWait: this.onProgress});
	}

	/** Does the same as `runWithLimit` for the proof itself. Its seconds are those of the claim. */
	async prove<T>(limit: number, body: () => Promise<T>): Promise<T> {
		const start = performance.now();
		try {
			return await this.runWithLimit(limit, 'it is proven', body);
		} finally {
			this.seconds = (performance.now() - start) / 1000;
		}
	}

	/**
	 * Ends the watch of the machines' CPU time. Adds a note about how long they had none, if that was long. Returns the machine
	 * that was starved, if one was.
	 */
	endCpuWatch(): Starved | undefined {
		const waited = this.#cpu.waitedSeconds();
		this.isStarved = waited > noticeableSeconds;
		if (this.isStarved) {
			this.notes.push(`the machines waited ${waited.toFixed(0)} s for a CPU of this host, which did not count`);
		}

		return starvedMachine(this.#cpu.stop());
	}

	/** Returns the line for the results. `logs` are the claim's own lines, `gathered` the evidence if it did not pass. */
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
			startedAt: this.startedAt,
			verdict: judged.verdict,
			reason: judged.reason,
			seconds,
			metrics,
			evidence: [...this.evidence, ...gathered],
			...(this.disagreements.length > 0 && {disagreements: [...this.disagreements]}),
			...(this.allFaults.length > 0 && {faults: this.allFaults}),
			log: [...logs, ...this.notes],
		};
	}
}
