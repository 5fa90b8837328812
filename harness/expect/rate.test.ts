import test from 'ava';
import fc from 'fast-check';
import {intervalText, isNarrow, mostTries, wilson} from './interval.ts';
import {isEnough, type Outcome, rateOf, rateText} from './rate.ts';

const percent = ({low, high}: {low: number; high: number}) => [Math.round(low * 1000), Math.round(high * 1000)];

test('intervals are those of the literature', t => {
	// R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
	t.deepEqual(percent(wilson(81, 263)), [255, 366]);
	t.deepEqual(percent(wilson(15, 148)), [62, 160]);
	t.deepEqual(percent(wilson(0, 20)), [0, 161]);
	t.deepEqual(percent(wilson(1, 29)), [6, 172]);
	t.deepEqual(wilson(0, 0), {low: 0, high: 1});
	t.is(intervalText(wilson(3, 3)), '44–100 %');
});

test('an interval has the rate in it, and is between 0 and 1', t => {
	fc.assert(
		fc.property(fc.integer({min: 1, max: 1000}), fc.nat(1000), (tries, some) => {
			const count = some % (tries + 1);
			const {low, high} = wilson(count, tries);
			t.true(low >= 0 && low <= count / tries && count / tries <= high && high <= 1);
		}),
	);
});

test('three equal tries are enough, two are not; ten are, whatever came', t => {
	t.deepEqual(
		[1, 2, 3].map(tries => isNarrow(tries, tries)),
		[false, false, true],
	);
	t.deepEqual(
		[1, 2, 3].map(tries => isNarrow(0, tries)),
		[false, false, true],
	);
	t.false(isNarrow(1, 3));
	t.true(Array.from({length: mostTries + 1}, (_, count) => isNarrow(count, mostTries)).every(Boolean));
});

const rows: [
	counts: [passed: number, failed: number, broken: number, skipped: number],
	outcome: Outcome,
	text: string,
][] = [
	[[0, 3, 0, 0], 'reproduced', 'reproduced, 3 of 3'],
	[[3, 0, 0, 0], 'not reproduced', 'not reproduced, 0 of 3'],
	[[9, 1, 0, 0], 'flaky', 'flaky, 1 of 10'],
	[[1, 9, 0, 0], 'flaky', 'flaky, 9 of 10'],
	[[0, 0, 3, 0], 'could not tell', 'could not tell'],
	[[0, 0, 0, 1], 'could not tell', 'could not tell'],
	[[0, 1, 4, 0], 'could not tell', 'could not tell, 1 of 1 (4 undecided)'],
	[[0, 3, 1, 0], 'reproduced', 'reproduced, 3 of 3 (1 undecided)'],
	[[0, 1, 1, 0], 'reproduced', 'reproduced, 1 of 1 (1 undecided)'],
];
for (const [[passed, failed, broken, skipped], outcome, text] of rows) {
	test(`${failed} failed, ${passed} passed, ${broken} broken, ${skipped} skipped: ${text}`, t => {
		const rate = rateOf({passed, failed, broken, skipped});
		t.is(rate.outcome, outcome);
		t.is(rateText(rate), text);
	});
}

test('tries end when the rate is known well enough, or when they decide nothing', t => {
	const verdicts = (text: string) =>
		[...text].map(letter => ({
			verdict: ({p: 'passed', f: 'failed', b: 'broken', s: 'skipped'} as const)[letter as 'p'],
		}));
	for (const text of ['', 'ff', 'pp', 'pf', 'pfp', 'pfpf', 'bb', 'bbff', 'bbbpp']) {
		t.false(isEnough(verdicts(text)), text);
	}

	for (const text of ['fff', 'ppp', 's', 'bbb', 'bfbff', 'pfppp', 'pfpfpfp']) {
		t.true(isEnough(verdicts(text)), text);
	}
});
