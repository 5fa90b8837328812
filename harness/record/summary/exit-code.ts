import type {RunSummary} from './summary.ts';

/**
 * Returns the exit code of a run. The first line that applies counts.
 * 2: the run did not finish, even if scenarios passed or failed before.
 * 1: something failed. This comes before broken: a claim that failed stays failed even if the lab broke elsewhere, and a CI
 *    that tries again on 2 (trouble of the lab) must not hide it.
 * 2: something is broken, or nothing passed (all skipped): 0 would mean that it works.
 * 0: everything that could be tested passed, or failed as it is known to.
 */
export function exitCode({state, counts}: Pick<RunSummary, 'state' | 'counts'>): 0 | 1 | 2 {
	if (state !== 'finished') {
		return 2;
	}

	if (counts.failed > 0) {
		return 1;
	}

	return counts.broken > 0 || counts.passed + counts.known === 0 ? 2 : 0;
}
