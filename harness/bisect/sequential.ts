/**
 * How many tries a version needs: A. Wald's sequential test of a probability (Sequential Tests of Statistical Hypotheses, Ann.
 * Math. Stat. 16, 1945). It decides between two rates of failure, and stops as soon as the tries are enough. Pure.
 */
import type {Answer} from './search.ts';

/** What the tries of a version came to. */
export interface Tally {
	failed: number;
	passed: number;
	/** Broken or skipped: neither good nor bad. */
	undecided: number;
	/** Of those, skipped: it will be so each time. */
	skipped: number;
}

/** What is distinguished. */
export interface Rates {
	/** A good version fails at most so often: from 0 to 1. */
	good: number;
	/** A bad version fails at least so often. */
	bad: number;
}

/** A good version may fail once in twenty tries; a bad one fails in half of them or more. */
export const usualRates: Rates = {good: 0.05, bad: 0.5};

/** Risk that a good version counts as bad, and that a bad one counts as good. */
const risks = {falselyBad: 0.01, falselyGood: 0.05};

/** Tries that decided something, after which a version that is neither good nor bad counts as unknown. */
export const mostDecided = 20;

/** Tries that decided nothing, after which no more are made if they are more than two thirds. */
const mostUndecided = 3;

/** Most tries of a version, whatever they come to. */
export const mostTries = 3 * mostDecided + mostUndecided;

export const noTally: Tally = {failed: 0, passed: 0, undecided: 0, skipped: 0};

/** Adds two tallies. */
export function together(a: Tally, b: Tally): Tally {
	return {
		failed: a.failed + b.failed,
		passed: a.passed + b.passed,
		undecided: a.undecided + b.undecided,
		skipped: a.skipped + b.skipped,
	};
}

/** Returns what the tries say; undefined if more are needed. With the usual rates two failures are bad, five passes good. */
export function answerOf({failed, passed, undecided, skipped}: Tally, rates: Rates = usualRates): Answer | undefined {
	const evidence = failed * Math.log(rates.bad / rates.good) + passed * Math.log((1 - rates.bad) / (1 - rates.good));
	if (evidence >= Math.log((1 - risks.falselyGood) / risks.falselyBad)) {
		return 'bad';
	}

	if (evidence <= Math.log(risks.falselyGood / (1 - risks.falselyBad))) {
		return 'good';
	}

	const decided = failed + passed;
	return skipped > 0 || decided >= mostDecided || (undecided >= mostUndecided && undecided > 2 * decided)
		? 'unknown'
		: undefined;
}
