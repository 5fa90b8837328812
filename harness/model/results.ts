/** The outcomes of scenarios and cells. */
import type {Diagnosis, Disagreement} from './diagnosis.ts';
import type {FaultRecord} from './faults.ts';
import type {Origin} from './handles.ts';

/** `failed`: the product is at fault. `broken`: the lab is, so whether the claim holds is unknown. */
export type Verdict = 'passed' | 'failed' | 'broken' | 'skipped';

/** Why a result is not `passed`. */
export interface Reason {
	/** One line, never empty. */
	message: string;
	/** Name of the error's class. */
	type: string;
	/** The whole text: stack, diff, last thing seen. */
	details: string;
	/** What to do about it, if we know. */
	remedy?: string;
	/** What the evidence of the machines shows, if it was taken. */
	diagnosis?: Diagnosis;
}

/**
 * Types of reasons for which a claim that was refuted is broken, as this host was too busy for it to say anything. It may hold or
 * not, so it is proven once more: see run/prove-again.ts.
 */
export const busyHost = {starved: 'StarvedHost', wrongClock: 'WrongClock'} as const;

/** One scenario proven (or not) on one cell: a line of results.jsonl. */
export interface Result {
	cell: string;
	/** The claim. */
	title: string;
	/** Relative to the workspace, `scenarios/vip.ts`; absolute if it is outside of it. */
	file: string;
	line?: number;
	repetition: number;
	verdict: Verdict;
	reason?: Reason;
	/** ISO 8601, UTC. */
	startedAt: string;
	/** Time of the proof, without that of a shared fixture. */
	seconds: number;
	/** What its machines were started from; absent if none came up. */
	origin?: Origin;
	/** Measurements: seconds, unless the name has another unit. */
	metrics: Record<string, number>;
	/** Files that were gathered when it did not pass: relative to the run folder. */
	evidence: string[];
	/** What nodes had other than the managers reported, though the claim holds; absent: nothing, or it was not looked at. */
	disagreements?: Disagreement[];
	/** Faults that the scenario put in, in their order; absent: none. */
	faults?: FaultRecord[];
	/** What the scenario logged (`t.log`). */
	log: string[];
}

/** Whether a cell could be tested at all, whatever the verdicts of its scenarios. */
export type CellOutcome =
	| {state: 'tested'}
	/** The cell cannot be tested: the reason lies in the product or the matrix, not in the lab. */
	| {state: 'skipped'; reason: Reason}
	/** The product refused what the cell asks of it, and the cell says that it must not. */
	| {state: 'failed'; reason: Reason}
	/** The cell did not come up. */
	| {state: 'broken'; reason: Reason};
