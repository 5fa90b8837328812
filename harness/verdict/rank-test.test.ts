/** The test by ranks: against tables, against all permutations, and what chance makes of it. */
import test from 'ava';
import fc from 'fast-check';
import {discoveries, probabilityOfLater} from './rank-test.ts';

test('without equal values it is the exact test of Mann and Whitney', t => {
	// All three later values are above all three earlier ones: 1 of the 20 orders.
	t.is(probabilityOfLater([1, 2, 3], [4, 5, 6]), 1 / 20);
	t.is(probabilityOfLater([4, 5, 6], [1, 2, 3]), 1);
	// U = 8 of 9: 2 of the 20 orders.
	t.is(probabilityOfLater([1, 2, 4], [3, 5, 6]), 2 / 20);
	// Table of Mann and Whitney for n = m = 5: U ≤ 4 has 0.048.
	t.is(Number(probabilityOfLater([1, 2, 3, 4, 9], [5, 6, 7, 8, 10]).toFixed(3)), 0.048);
});

/** Counts over all choices of which values are later. */
function byCounting(earlier: number[], later: number[]): number {
	const all = [...earlier, ...later];
	const rank = (value: number) =>
		all.filter(each => each < value).length + (all.filter(each => each === value).length + 1) / 2;
	const seen = later.reduce((sum, each) => sum + rank(each), 0);
	let [most, ways] = [0, 0];
	for (let choice = 0; choice < 2 ** all.length; choice++) {
		const chosen = all.filter((_, index) => (choice >> index) & 1);
		if (chosen.length === later.length) {
			ways++;
			most += chosen.reduce((sum, each) => sum + rank(each), 0) >= seen ? 1 : 0;
		}
	}

	return most / ways;
}

test('with equal values, too, it is what counting all orders gives', t => {
	const some = fc.array(fc.integer({min: 0, max: 4}), {minLength: 1, maxLength: 5});
	fc.assert(
		fc.property(some, some, (earlier, later) => {
			t.true(Math.abs(probabilityOfLater(earlier, later) - byCounting(earlier, later)) < 1e-12);
		}),
		{numRuns: 100},
	);
});

test('an empty sample says nothing', t => {
	t.is(probabilityOfLater([], [1, 2, 3]), 1);
	t.is(probabilityOfLater([1, 2, 3], []), 1);
});

test('of many probabilities only those stay that chance does not explain', t => {
	t.deepEqual([...discoveries([0.9, 0.001, 0.04, 0.02], 0.05)].sort(), [1, 3]);
	t.deepEqual([...discoveries([0.04, 0.04, 0.04, 0.9], 0.05)], []);
	// The step goes up: a small one that fails alone is kept by the larger ones that hold together.
	t.deepEqual([...discoveries([0.03, 0.03, 0.03, 0.03], 0.05)].length, 4);
	t.deepEqual([...discoveries([], 0.05)], []);
});
