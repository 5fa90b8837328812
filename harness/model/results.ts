/** How scenarios and cells came out. */
import type {Origin} from './handles.ts';

/** `failed` is the product's fault, `broken` is ours: we could not tell. */
export type Verdict = 'passed' | 'failed' | 'broken' | 'skipped';

/** Why a result is not `passed`. */
export interface Reason {
	/** One line, never empty. */
	message: string;
	/** Name of the error's class. */
	type: string;
	/** The whole text: stack, diff, last thing seen. */
	details: string;
	/** What to do about it, where we know. */
	remedy?: string;
}

/** One scenario proven (or not) on one cell: a line of results.jsonl. */
export interface Result {
	cell: string;
	/** The claim. */
	title: string;
	/** From the workspace, `scenarios/vip.ts`; absolute where it is outside of it. */
	file: string;
	line?: number;
	repetition: number;
	verdict: Verdict;
	reason?: Reason;
	/** ISO 8601, UTC. */
	startedAt: string;
	/** Time of the proof, without the fixture that it shares with others. */
	seconds: number;
	/** What its machines came from; not there when none came up. */
	origin?: Origin;
	/** What was measured on the way: seconds unless the name says otherwise. */
	metrics: Record<string, number>;
	/** Files gathered when it did not pass: relative to the run folder. */
	evidence: string[];
	/** What the scenario logged (`t.log`). */
	log: string[];
}

/** How a cell came out as a whole, before any scenario. */
export type CellOutcome =
	| {state: 'tested'}
	/** It cannot be tested: the reason is the product's or the matrix's, not ours. */
	| {state: 'skipped'; reason: Reason}
	/** It did not come up. */
	| {state: 'broken'; reason: Reason};
