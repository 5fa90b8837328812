/** Whether one sample of measurements tends to larger values than another: a test by ranks, which needs no normal distribution. Pure. */

/**
 * Returns the probability that `later` would rank as high as it does, or higher, if both came from the same distribution: the
 * one-sided exact test of H. B. Mann and D. R. Whitney, On a test of whether one of two random variables is stochastically larger
 * than the other, Ann. Math. Stat. 18 (1947). Equal values share their mean rank, and the distribution is that of these ranks.
 * 1 for an empty sample. The effort grows with (n + m)³: at most 40 values are meant.
 */
export function probabilityOfLater(earlier: readonly number[], later: readonly number[]): number {
	if (earlier.length === 0 || later.length === 0) {
		return 1;
	}

	const all = [...earlier.map(value => ({value, isLater: false})), ...later.map(value => ({value, isLater: true}))];
	all.sort((a, b) => a.value - b.value);
	// Twice the mean rank is a whole number.
	const ranks = all.map(({value}) => {
		const first = all.findIndex(each => each.value === value);
		const last = all.findLastIndex(each => each.value === value);
		return first + last + 2;
	});
	const seen = ranks.reduce((sum, rank, index) => (all[index]!.isLater ? sum + rank : sum), 0);
	return shareAtLeast(ranks, later.length, seen);
}

/** Returns the share of all choices of `count` ranks whose sum is at least `least`. */
function shareAtLeast(ranks: readonly number[], count: number, least: number): number {
	const total = ranks.reduce((sum, rank) => sum + rank, 0);
	// ways[c][s]: in how many ways c ranks have the sum s.
	const ways = Array.from({length: count + 1}, () => new Float64Array(total + 1));
	ways[0]![0] = 1;
	for (const rank of ranks) {
		for (let chosen = count; chosen > 0; chosen--) {
			const [into, from] = [ways[chosen]!, ways[chosen - 1]!];
			for (let sum = total; sum >= rank; sum--) {
				into[sum]! += from[sum - rank]!;
			}
		}
	}

	const last = ways[count]!;
	const sumOf = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0);
	return sumOf(last.subarray(least)) / sumOf(last);
}

/**
 * Returns which of these probabilities are small enough that at most a share `rate` of those that are returned is false on
 * average: Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, J. R. Stat. Soc. B 57 (1995). Thousands of results are
 * compared each night, and without this some would be reported for nothing.
 */
export function discoveries(probabilities: readonly number[], rate: number): Set<number> {
	const order = probabilities.map((_, index) => index).sort((a, b) => probabilities[a]! - probabilities[b]!);
	const last = order.findLastIndex((place, rank) => probabilities[place]! <= ((rank + 1) / order.length) * rate);
	return new Set(order.slice(0, last + 1));
}
