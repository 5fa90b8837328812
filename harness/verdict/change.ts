/** How one result differs from that of the baseline. Pure. */
import {intervalText, wilson} from '../expect/interval.ts';
import type {PastResult} from '../history/past-run.ts';
import type {Change, ChangedResult} from '../model/index.ts';
import {withoutShare} from '../record/summary/share.ts';

/** A result on a cell, what the baseline has of it, and what earlier runs have on the same versions. */
export interface Compared {
	now: PastResult;
	/** Absent: the baseline has no such claim, or no such cell. */
	before?: PastResult | undefined;
	/** Whether each earlier run on the same versions failed, oldest first: only those that decided. */
	earlier: readonly boolean[];
}

type Said = Pick<ChangedResult, 'change' | 'says' | 'failed' | 'decided' | 'issue' | 'until'>;

/** Returns the change; undefined where there is nothing to say. */
export function changeOf({now, before, earlier}: Compared): Said | undefined {
	const {verdict, expectation, message} = now;
	const was = wasText(before);
	switch (verdict) {
		case 'known': {
			const {issue, until} = expectation ?? {};
			return {
				change: 'known',
				says: `${issue}${until ? `, until ${until}` : ''}`,
				...(issue && {issue}),
				...(until && {until}),
			};
		}

		case 'broken':
			return {change: 'broken', says: `${message}; ${was}`};
		case 'skipped':
			return before && before.verdict !== 'skipped' ? {change: 'newly skipped', says: `${message}; ${was}`} : undefined;
		case 'passed':
			return before && failing.includes(before.verdict)
				? {change: 'fixed', says: `${rateText(now.tries)}; ${was}`}
				: undefined;
		default:
			return failure({now, before, earlier}, was);
	}
}

const failing: string[] = ['failed', 'known'];

function failure({now, before, earlier}: Compared, was: string): Said {
	const {failed, decided} = rateOf(now.tries);
	const rate = {failed, decided};
	if (failed > 0 && failed < decided && wilson(failed, decided).low < mostly) {
		return {change: 'flaky', says: `${rateText(now.tries)}; ${was}`, ...rate};
	}

	// Tries of this run agree: earlier runs on the very same versions may not.
	if (decided < enoughTries && flips(earlier) >= 2) {
		const all = [...earlier, true];
		const often = all.filter(Boolean).length;
		const says = `failed in ${often} of ${all.length} runs on the same versions, with ${flips(all)} flips; ${was}`;
		return {change: 'flaky', says, failed: often, decided: all.length};
	}

	const change: Change = before && failing.includes(before.verdict) ? 'still failing' : 'new';
	return {
		change,
		says: `${decided > 1 ? `${rateText(now.tries)}: ` : ''}${withoutShare(now.message)}; ${was}`,
		...rate,
	};
}

/** A claim that surely fails more often than that is not called flaky, so that it is not taken lightly: 9 of 10 begin at 60 %. */
const mostly = 0.5;

/** Equal tries on fresh machines that outweigh a flaky past: the interval of 3 of 3 begins at 44 %. */
const enoughTries = 3;

function flips(verdicts: readonly boolean[]): number {
	return verdicts.filter((each, index) => index > 0 && each !== verdicts[index - 1]).length;
}

/** Tries that failed, and those that decided something. */
export function rateOf(tries: PastResult['tries']): {failed: number; decided: number} {
	const count = (verdict: string) => tries.filter(each => each.verdict === verdict).length;
	return {failed: count('failed'), decided: count('failed') + count('passed')};
}

function rateText(tries: PastResult['tries']): string {
	const {failed, decided} = rateOf(tries);
	const others = tries.filter(({verdict}) => verdict === 'broken').length;
	const rest = others > 0 ? `, and ${others} more decided nothing` : '';
	return decided === 0
		? 'no try decided'
		: `failed ${failed} of ${decided} (${intervalText(wilson(failed, decided))})${rest}`;
}

function wasText(before: PastResult | undefined): string {
	if (!before) {
		return 'the baseline does not have it';
	}

	const {decided} = rateOf(before.tries);
	const share = decided > 1 ? ` (${rateText(before.tries)})` : '';
	return {
		passed: `in the baseline it passed${share}`,
		failed: `in the baseline it failed, too${share}`,
		known: `in the baseline it was a known failure`,
		broken: 'in the baseline the lab could not tell',
		skipped: 'in the baseline it was skipped',
	}[before.verdict];
}
