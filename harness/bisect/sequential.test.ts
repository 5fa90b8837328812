import test from 'ava';
import fc from 'fast-check';
import {answerOf, mostDecided, mostTries, noTally, type Tally, together} from './sequential.ts';

const tally = (letters: string): Tally => {
	const count = (letter: string) => [...letters].filter(each => each === letter).length;
	return {failed: count('f'), passed: count('p'), undecided: count('b') + count('s'), skipped: count('s')};
};

const rows: [letters: string, answer: ReturnType<typeof answerOf>][] = [
	['', undefined],
	['f', undefined],
	['ff', 'bad'],
	['pppp', undefined],
	['ppppp', 'good'],
	['fppppp', undefined],
	['fppppppppp', 'good'],
	['ppppff', undefined],
	['ppppfff', undefined],
	['ppppffff', 'bad'],
	['bb', undefined],
	['bbb', 'unknown'],
	['bbbff', 'bad'],
	['s', 'unknown'],
	['bbfp', undefined],
	['fpppfpppfpppfpppfppp', 'unknown'],
];
for (const [letters, answer] of rows) {
	test(`tries ${letters || 'none'} (f failed, p passed, b broken, s skipped): ${answer ?? 'more'}`, t => {
		t.is(answerOf(tally(letters)), answer);
	});
}

test('one false failure makes no good version bad, and four false passes no bad version good, in any order', t => {
	fc.assert(
		fc.property(
			fc.boolean(),
			fc.shuffledSubarray(
				Array.from({length: 40}, (_, index) => index),
				{minLength: 40},
			),
			fc.nat(4),
			fc.nat(2),
			(isGood, order, wrong, broken) => {
				const most = isGood ? Math.min(1, wrong) : wrong;
				const tries = order.slice(0, 36).map(each => (each < most ? (isGood ? 'f' : 'p') : isGood ? 'p' : 'f'));
				const seen: string[] = [...'b'.repeat(broken)];
				for (const each of tries) {
					if (answerOf(tally(seen.join('')))) {
						break;
					}

					seen.push(each);
				}

				t.is(answerOf(tally(seen.join(''))), isGood ? 'good' : 'bad', seen.join(''));
			},
		),
		{numRuns: 1000},
	);
});

test('it ends for whatever comes, before the most tries', t => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom('f', 'p', 'b'), {minLength: mostTries, maxLength: mostTries}), letters => {
			const end = letters.findIndex((_, index) => answerOf(tally(letters.slice(0, index + 1).join(''))) !== undefined);
			t.true(end >= 0);
		}),
		{numRuns: 1000},
	);
});

test('other rates: a claim that fails in one try of five needs more passes', t => {
	const rates = {good: 0.01, bad: 0.2};
	t.is(answerOf(tally('ppppp'), rates), undefined);
	t.is(answerOf({...noTally, passed: 15}, rates), 'good');
	t.is(answerOf(tally('ff'), rates), 'bad');
	t.true(mostDecided > 14);
	t.deepEqual(together(tally('fp'), tally('ps')), {failed: 1, passed: 2, undecided: 1, skipped: 1});
});
