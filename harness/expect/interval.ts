/** How often something happens, from a few tries: the interval in which the true rate lies. Pure. */

/** Quantile of the normal distribution for an interval of 95 %. */
const z = 1.96;

export interface Interval {
	/** From 0 to 1. */
	low: number;
	high: number;
}

/**
 * Returns Wilson's interval of a rate, at 95 %: E. B. Wilson, Probable inference, the law of succession, and statistical
 * inference, J. Am. Stat. Assoc. 22 (1927), eq. (5). Unlike p ± z·σ it is right for 0 of n and n of n. Without tries: 0 to 1.
 * @param count of `tries` in which it happened
 */
export function wilson(count: number, tries: number): Interval {
	if (tries === 0) {
		return {low: 0, high: 1};
	}

	const rate = count / tries;
	const divisor = 1 + z ** 2 / tries;
	const middle = (rate + z ** 2 / (2 * tries)) / divisor;
	const half = (z / divisor) * Math.sqrt((rate * (1 - rate)) / tries + z ** 2 / (4 * tries ** 2));
	// 0 of n has no chance of a rounding error below 0.
	return {low: count === 0 ? 0 : middle - half, high: count === tries ? 1 : middle + half};
}

/** Width from which on more tries are not worth their time: 3 of 3 have 0.56, 1 of 5 and 4 of 5 have 0.59. */
const narrow = 0.6;

/** Most tries that are made where nobody gave a number. */
export const mostTries = 10;

/** Returns whether more tries would say little more. */
export function isNarrow(count: number, tries: number): boolean {
	const {low, high} = wilson(count, tries);
	return high - low <= narrow;
}

/** Returns an interval as text: `44–100 %`. */
export function intervalText({low, high}: Interval): string {
	return `${Math.round(low * 100)}–${Math.round(high * 100)} %`;
}
