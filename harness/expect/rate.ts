/** Whether a public report was reproduced on a cell: from the verdicts of its tries. Pure. */
import type {Verdict} from '../model/index.ts';
import {type Interval, isNarrow, wilson} from './interval.ts';

/** A report is reproduced where its claim fails. `flaky`: in some tries. */
export type Outcome = 'reproduced' | 'flaky' | 'not reproduced' | 'could not tell';

interface Rate {
	outcome: Outcome;
	/** Tries in which the claim failed. */
	failed: number;
	/** Tries that decided something. */
	decided: number;
	/** All tries. */
	tries: number;
	/** Of the rate of failures, at 95 %. */
	interval: Interval;
}

/** Returns the rate. Where most tries decided nothing, that is the outcome: the few others may not be like them. */
export function rateOf(counts: {passed: number; failed: number; broken: number; skipped: number}): Rate {
	const {passed, failed, broken, skipped} = counts;
	const decided = passed + failed;
	const tries = decided + broken + skipped;
	return {outcome: outcomeOf(failed, decided, tries), failed, decided, tries, interval: wilson(failed, decided)};
}

function outcomeOf(failed: number, decided: number, tries: number): Outcome {
	if (decided === 0 || decided * 2 <= tries - 1) {
		return 'could not tell';
	}

	return failed === 0 ? 'not reproduced' : failed === decided ? 'reproduced' : 'flaky';
}

/** Returns the outcome in words: `reproduced, 3 of 3`, `flaky, 1 of 10`, `could not tell`. */
export function rateText({outcome, failed, decided, tries}: Rate): string {
	if (decided === 0) {
		return outcome;
	}

	const undecided = tries - decided;
	return `${outcome}, ${failed} of ${decided}${undecided > 0 ? ` (${undecided} undecided)` : ''}`;
}

/** Tries that decided nothing, after which no more are made. */
const mostUndecided = 3;

/** Returns whether more tries would say little: the rate is known well enough, or they cannot decide. */
export function isEnough(results: readonly {verdict: Verdict}[]): boolean {
	const count = (verdict: Verdict) => results.filter(each => each.verdict === verdict).length;
	const failed = count('failed');
	const decided = failed + count('passed');
	return count('skipped') > 0 || (decided === 0 ? results.length >= mostUndecided : isNarrow(failed, decided));
}
