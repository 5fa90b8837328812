/** How verdicts, counts and times are written for people. */
import type {CaseVerdict, Counts} from '../harness/record/summary/summary.ts';

/** Failed is the product's fault, broken is the lab's: they have different signs and colours. */
export const signs: Record<CaseVerdict, string> = {passed: '✓', failed: '✗', known: '≈', broken: '!', skipped: '–'};

/** The verdicts in words. */
export const verdictWords: Record<CaseVerdict, string> = {
	passed: 'passed',
	failed: 'failed',
	known: 'known failure',
	broken: 'broken',
	skipped: 'skipped',
};

export const legend =
	'✓ passed, ✗ failed (the product does not do it), ≈ failed as it is known to, ! broken (the lab could not find out), – skipped';

/** Returns the counts that are not 0: `28 passed, 3 failed`. */
export function countsInWords(counts: Counts): string {
	return (
		presentIn(counts)
			.map(
				each => `${counts[each]} ${each === 'known' ? `known ${counts.known === 1 ? 'failure' : 'failures'}` : each}`,
			)
			.join(', ') || 'nothing proven'
	);
}

/** Returns the verdicts that there are, in the order of reports. */
export function presentIn(counts: Counts): CaseVerdict[] {
	return (['passed', 'failed', 'known', 'broken', 'skipped'] as const).filter(each => counts[each] > 0);
}

/** Returns why this number of claims is flaky. */
export function disagreement(flaky: number): string {
	return `${flaky === 1 ? 'its' : 'their'} repetitions disagree`;
}

/** Returns a duration: `2.1 s`, `1 min 36 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
	if (seconds < 59.95) {
		return `${seconds.toFixed(1)} s`;
	}

	const whole = Math.round(seconds);
	return whole < 3600
		? `${Math.floor(whole / 60)} min ${whole % 60} s`
		: `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Returns the time on a running clock: `0:07`, `12:40`, `1:02:03`. */
export function clock(seconds: number): string {
	const whole = Math.max(0, Math.floor(seconds));
	const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
	const two = (value: number) => String(value).padStart(2, '0');
	return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Returns a measured value without false precision: `0.021`, `41.5`, `412`. */
export function measured(value: number): string {
	return Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
}
