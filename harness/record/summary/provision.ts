/** The case `provision`: the cell came up as asked for. Every cell has this case, so that counts are equal between runs. */
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
	/** State of the run. */
	run: RunSummary['state'];
	/** Why the record ends before the cell did. */
	missing: Reason;
}

/** Returns whether the cell reached its scenarios, which proves that it came up. */
export function isProvisioned({stages}: Pick<CellHistory, 'stages'>): boolean {
	return stages.some(each => each.stage === 'scenarios');
}

/** The claim of the case. No file claims it. */
export const provision: Claim = {title: 'provision', file: ''};

/** `id` of the case in each cell. */
export const provisionId = scenarioId(provision);

/** Makes the case. It lists the retries of infrastructure, which scenarios do not know of. */
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

	// A finished run has recorded the outcome of each cell. If that line is lost, the outcome may have been any.
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

/** Returns the seconds between two times of the record; 0 if one is missing or they are out of order. */
export function secondsBetween(from: string, to: string): number {
	const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
	return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
