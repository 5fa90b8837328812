/** A run as a report sees it: plain data, made from the record by `summarise`. */
import type {
	ArtifactKind,
	Cell,
	CellStage,
	HostFacts,
	Origin,
	PlannedScenario,
	Reason,
	Verdict,
} from '../../model/index.ts';
export type Counts = Record<Verdict, number>;

/** One claim on one cell, over all its repetitions. */
export interface CaseSummary {
	/** `scenarioId` of what is proven: the same on each cell, and of nothing else in the cell. */
	id: string;
	/** As reports call it: with its file where several files claim the same title. */
	title: string;
	/** Empty for the case `provision`, which no file proves. */
	file: string;
	line?: number;
	/** The worst over the repetitions: a claim that failed once does not hold. */
	verdict: Verdict;
	/** Why, where the verdict is not `passed`: of the first repetition that decided it. */
	reason?: Reason;
	/** ISO 8601, UTC, and time of the proof: of the repetition that decided the verdict. */
	startedAt: string;
	seconds: number;
	/** How the repetitions came out. */
	repetitions: Counts;
	/** Some repetitions passed and others did not. */
	flaky: boolean;
	/** Other tries that did not pass, in order; under a passed verdict: broken ones that were tried again. */
	otherTries: {verdict: 'failed' | 'broken'; reason: Reason; seconds: number}[];
	/** What the machines came from, of the repetition that decided the verdict. */
	origin?: Origin;
	/** Medians over the repetitions that measured them. */
	metrics: Record<string, number>;
	/** Relative to the run folder. */
	evidence: string[];
	log: string[];
}

export interface Retry {
	at: string;
	machine?: string;
	reason: Reason;
	consoleTail: string[];
}

export interface CellSummary {
	cell: Cell;
	/** `unfinished`: the record ends before the cell did. */
	state: 'tested' | 'skipped' | 'broken' | 'unfinished';
	/** Why it is not `tested`. */
	reason?: Reason;
	startedAt: string;
	seconds: number;
	/** Seconds in each stage that it reached, in order. */
	stages: {stage: CellStage; seconds: number}[];
	/** First `provision` (the cell came up as asked for), then the scenarios in the order in which they were announced. */
	cases: CaseSummary[];
	/** Of `cases`. */
	counts: Counts;
	metrics: Record<string, number>;
	/** Infrastructure that was tried again. */
	retries: Retry[];
	leftovers: {what: string; why: string}[];
	notices: Notice[];
	/** Keys of the artifacts that it ran on. */
	artifacts: {kind: string; key: string}[];
	/** Where a seed made the order: how those that shared a swarm were to be proven, as reports call them. */
	orders: {repetition: number; titles: string[]}[];
}

export interface Notice {
	level: 'info' | 'warning';
	message: string;
}

export interface ArtifactSummary {
	kind: ArtifactKind;
	label: string;
	/** Every state it went through: a damaged one that was built again says so. */
	states: string[];
	key?: string;
	/** Time of building it, where it was built. */
	seconds?: number;
	detail?: string;
}

export interface RunSummary {
	run: string;
	command: string[];
	/** `unfinished`: the record has no end: the run is under way, or was killed. */
	state: 'finished' | 'interrupted' | 'unfinished';
	/** The signal that interrupted it. */
	signal?: string;
	/** ISO 8601, UTC; empty where nothing was recorded. */
	startedAt: string;
	seconds: number;
	/** Absent if the record lost its first line. */
	host?: HostFacts;
	scenarios: PlannedScenario[];
	/** What the order of the scenarios was made of; not there where it is the announced one. */
	seed?: number;
	cells: CellSummary[];
	/** Over all cases of all cells. */
	counts: Counts;
	/** Cases whose repetitions disagree. A count, not a verdict. */
	flaky: number;
	artifacts: ArtifactSummary[];
	/** Of the run as a whole; those of a cell are there. */
	notices: Notice[];
	/** As `notices`. */
	leftovers: {what: string; why: string}[];
	/** What of the record could not be read or placed. */
	problems: string[];
}

/** No case at all. */
export function noCounts(): Counts {
	return {passed: 0, failed: 0, broken: 0, skipped: 0};
}

/** How many of each verdict. */
export function count(verdicts: Iterable<Verdict>): Counts {
	const counts = noCounts();
	for (const verdict of verdicts) {
		counts[verdict]++;
	}

	return counts;
}
