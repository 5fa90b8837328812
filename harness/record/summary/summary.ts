/** A run as a report sees it: plain data, made from the record by `summarise`. */
import type {Relation} from '../../expect/relation.ts';
import type {
	ArtifactKind,
	Attribution,
	Cell,
	CellStage,
	Disagreement,
	FaultRecord,
	HostFacts,
	NightlyVerdict,
	Origin,
	PlannedScenario,
	Reason,
	Verdict,
} from '../../model/index.ts';

/** A verdict as reports have it. `known`: it failed, and that was expected. */
export type CaseVerdict = Verdict | 'known';

export type Counts = Record<CaseVerdict, number>;

/** What was expected of a case, and what came. */
interface CaseExpectation {
	relation: Relation;
	/** Where the failure is reported. */
	issue: string;
	/** Why it is expected to fail, if it is. */
	because?: string;
	/** From this day on a known failure is red. */
	until?: string;
}

/** One claim on one cell, over all its repetitions. */
export interface CaseSummary {
	/** `scenarioId` of the scenario: the same on each cell, and unique within a cell. */
	id: string;
	/** Its name in reports: with its file if several files claim the same title. */
	title: string;
	/** Empty for the case `provision`, which no file claims. */
	file: string;
	line?: number;
	/** The worst over the repetitions: a claim that failed once does not hold. */
	verdict: CaseVerdict;
	/** Absent where nothing was expected, or where the verdict decides nothing. */
	expectation?: CaseExpectation;
	/** Why the verdict is not `passed`: from the first repetition that decided it. */
	reason?: Reason;
	/** Start (ISO 8601, UTC) and duration of the repetition that decided the verdict. */
	startedAt: string;
	seconds: number;
	/** How the repetitions came out. */
	repetitions: Counts;
	/** Some repetitions passed and others did not. */
	flaky: boolean;
	/** Other tries that did not pass, in order; under a passed verdict: broken ones that were tried again. */
	otherTries: {verdict: 'failed' | 'broken'; reason: Reason; seconds: number}[];
	/** How the machines came up in the repetition that decided the verdict. */
	origin?: Origin;
	/** Medians over the repetitions that measured them. */
	metrics: Record<string, number>;
	/** Relative to the run folder. */
	evidence: string[];
	/** What nodes had other than the managers reported, in any repetition that passed; absent: nothing. */
	disagreements?: Disagreement[];
	/** Faults that it put in, in the repetition that decided the verdict; absent: none. */
	faults?: FaultRecord[];
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
	state: 'tested' | 'skipped' | 'failed' | 'broken' | 'unfinished';
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
	/** The orders that a seed made: how the scenarios that shared a swarm were to run, by their names in reports. */
	orders: {repetition: number; titles: string[]}[];
}

export interface Notice {
	level: 'info' | 'warning';
	message: string;
}

export interface ArtifactSummary {
	kind: ArtifactKind;
	label: string;
	/** Every state it went through: one that was damaged and built again has both. */
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
	/** The seed of the order of the scenarios; absent if it is the announced order. */
	seed?: number;
	cells: CellSummary[];
	/** The run against its baseline; absent if it has none. */
	nightly?: NightlyVerdict;
	/** Where new failures come from, as far as that was looked for. */
	attributions?: Attribution[];
	/** Over all cases of all cells. */
	counts: Counts;
	/** Cases whose repetitions disagree. A count, not a verdict. */
	flaky: number;
	artifacts: ArtifactSummary[];
	/** Notices of the run as a whole; those of a cell are in its summary. */
	notices: Notice[];
	/** As `notices`. */
	leftovers: {what: string; why: string}[];
	/** What could not be read, and results of cells that were not announced, one sentence each. */
	problems: string[];
}

/** Returns the counts of no case. */
export function noCounts(): Counts {
	return {passed: 0, failed: 0, known: 0, broken: 0, skipped: 0};
}

/** Counts each verdict. */
export function count(verdicts: Iterable<CaseVerdict>): Counts {
	const counts = noCounts();
	for (const verdict of verdicts) {
		counts[verdict]++;
	}

	return counts;
}
