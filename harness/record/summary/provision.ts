/** The case `provision` of every cell: that it came up as asked for. Every cell has it, so that counts are equal between runs. */
import {
	type CellOutcome,
	type CellStage,
	type Claim,
	type Reason,
	scenarioId,
	type Verdict,
} from '../../model/index.ts';
import {type CaseSummary, count, type Retry, type RunSummary} from './summary.ts';

export interface CellHistory {
	startedAt: string;
	endedAt: string;
	stages: {stage: CellStage; at: string}[];
	outcome?: CellOutcome;
	retries: Retry[];
	/** Of the run. */
	run: RunSummary['state'];
	/** Why the record ends before the cell did. */
	missing: Reason;
}

/** Whether the scenarios were reached, which proves that the cell came up. */
export function isProvisioned({stages}: Pick<CellHistory, 'stages'>): boolean {
	return stages.some(each => each.stage === 'scenarios');
}

/** What the case is called. No file claims it. */
export const provision: Claim = {title: 'provision', file: ''};

/** `id` of the case in each cell. */
export const provisionId = scenarioId(provision);

/** Infrastructure that was tried again is told here: the scenarios never know of it. */
export function provisionCase(history: CellHistory): CaseSummary {
	const {verdict, reason} = provisionVerdict(history);
	const up = history.stages.find(each => each.stage === 'scenarios')?.at ?? history.endedAt;
	return {
		id: provisionId,
		...provision,
		verdict,
		reason,
		startedAt: history.startedAt,
		seconds: secondsBetween(history.startedAt, up),
		repetitions: count([verdict]),
		flaky: false,
		otherTries: history.retries.map(each => ({verdict: 'broken' as const, reason: withConsole(each), seconds: 0})),
		metrics: {},
		evidence: [],
		log: [],
	};
}

function provisionVerdict(history: CellHistory): {verdict: Verdict; reason?: Reason} {
	if (history.outcome) {
		const {outcome} = history;
		return outcome.state === 'tested' ? {verdict: 'passed'} : {verdict: outcome.state, reason: outcome.reason};
	}

	// A run that came to its end has told how each cell came out: where that is lost, it may have been anything.
	return isProvisioned(history) && history.run !== 'finished'
		? {verdict: 'passed'}
		: {verdict: 'broken', reason: history.missing};
}

function withConsole({machine, reason, consoleTail}: Retry): Reason {
	const console =
		consoleTail.length > 0
			? `\nLast lines of the console${machine ? ` of ${machine}` : ''}:\n${consoleTail.join('\n')}`
			: '';
	return {...reason, details: `${reason.details}${console}`};
}

/** Seconds between two times of the record; 0 where one is missing or they are out of order. */
export function secondsBetween(from: string, to: string): number {
	const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
	return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
