import type {RunSummary} from './summary.ts';

/**
 * Exit code of a run.
 * 2: it did not come to its end, whatever it had proven until then.
 * 1: something failed. This goes before broken: a claim that was refuted stays refuted whatever else of ours broke,
 *    and a CI that tries again on 2 (the lab's trouble) must not hide it.
 * 2: something is broken, or nothing was proven at all (all skipped): 0 would claim that it works.
 * 0: everything that could be proven holds.
 */
export function exitCode({state, counts}: Pick<RunSummary, 'state' | 'counts'>): 0 | 1 | 2 {
	if (state !== 'finished') {
		return 2;
	}

	if (counts.failed > 0) {
		return 1;
	}

	return counts.broken > 0 || counts.passed === 0 ? 2 : 0;
}
