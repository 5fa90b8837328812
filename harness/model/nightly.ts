/** What a run says against an earlier one: which results changed, and which part of what is under test changed them. */

/** How a result differs from that of the baseline. */
export type Change =
	/** It fails, and in the baseline it did not. */
	| 'new'
	/** The lab could not find out. */
	| 'broken'
	/** It takes longer, by a test over repeated measurements. */
	| 'slower'
	/** It fails in some tries and passes in others. */
	| 'flaky'
	| 'still failing'
	| 'newly skipped'
	/** The baseline has it, and this run does not. */
	| 'newly missing'
	/** It fails as it is known to. */
	| 'known'
	/** It passes, and in the baseline it failed. */
	| 'fixed';

/** One result that is not as in the baseline, or that is red. */
export interface ChangedResult {
	change: Change;
	/** Id of the cell, in this run; for `newly missing`, in the baseline. */
	cell: string;
	file: string;
	title: string;
	/** What it is and what it was, as the end of a sentence that begins with the change. */
	says: string;
	/** Tries in which it failed, of those that decided something; absent where tries do not matter. */
	failed?: number;
	decided?: number;
	/** Where the failure is reported, and from which day on it is red again. */
	issue?: string;
	until?: string;
}

/** What a failure may come from: what differs between a run and its baseline. */
type Axis = 'engine' | 'kernel' | 'variant' | 'scenario' | 'swarmlab' | 'host';

/** One difference between a cell and that of the baseline. */
export interface VersionChange {
	cell: string;
	axis: Axis;
	before: string;
	now: string;
}

/** The verdict of a run against its baseline. */
export interface NightlyVerdict {
	/** Absent: there was none to compare with. */
	baseline?: {run: string; startedAt: string};
	/** How the baseline was named: `last-good`, a run, a file. */
	asked: string;
	/** Changes that make the exit code red. */
	failOn: Change[];
	/** In the order of `Change`. */
	changes: ChangedResult[];
	versions: VersionChange[];
	/** What cannot be compared, and why: sentences. */
	notices: string[];
}

/** What came of the re-runs of one point: what is taken from now, and from the baseline otherwise. */
export interface AxisPoint {
	/** Axes that are as now; the others are as in the baseline. */
	now: Axis[];
	failed: number;
	passed: number;
	/** Tries that decided nothing. */
	undecided: number;
	seconds: number;
	/** The run folder of the re-runs, relative to the run folder; absent: this run itself. */
	folder?: string;
}

/** Where a new failure comes from. */
export interface Attribution {
	cell: string;
	file: string;
	title: string;
	/** Axes that make it fail together; empty: none of them does. */
	axes: Axis[];
	/** What follows from the re-runs, one sentence with the rates. */
	sentence: string;
	points: AxisPoint[];
}
