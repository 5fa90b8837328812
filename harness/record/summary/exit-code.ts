import {codeOfChanges} from '../../expect/fail-on.ts';
import type {RunSummary} from './summary.ts';

/**
 * Returns the exit code of a run. The first line that applies counts.
 * 2: the run did not finish, even if scenarios passed or failed before.
 * 1 or 2: the run has a baseline, and something changed that is red (expect/fail-on.ts). Failures that are as in the baseline are not.
 * 1: something failed. This comes before broken: a claim that failed stays failed even if the lab broke elsewhere, and a CI
 *    that tries again on 2 (trouble of the lab) must not hide it.
 * 2: something is broken, or nothing passed (all skipped): 0 would mean that it works.
 * 0: everything that could be tested passed, or failed as it is known to.
 */
export function exitCode({state, counts, nightly}: Pick<RunSummary, 'state' | 'counts' | 'nightly'>): 0 | 1 | 2 {
	if (state !== 'finished') {
		return 2;
	}

	if (nightly) {
		const decided = counts.passed + counts.known + counts.failed;
		return codeOfChanges(nightly) || (decided === 0 ? 2 : 0);
	}

	if (counts.failed > 0) {
		return 1;
	}

	return counts.broken > 0 || counts.passed + counts.known === 0 ? 2 : 0;
}
