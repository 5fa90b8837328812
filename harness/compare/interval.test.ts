import test from 'ava';
import fc from 'fast-check';
import {differenceOf} from './interval.ts';

test('two samples as in a textbook: Welch’s interval', t => {
	// Differences of means 2 with variances 2.5 and 10 of 5 values each: t = 2.571 at 5 degrees of freedom (5.88, rounded down).
	const {difference, interval, says} = differenceOf('seconds', [1, 2, 3, 4, 5], [1, 3, 5, 7, 9])!;
	t.is(difference, 2);
	t.is(interval!.low.toFixed(3), (2 - 2.571 * Math.sqrt(2.5)).toFixed(3));
	t.is(interval!.high.toFixed(3), (2 + 2.571 * Math.sqrt(2.5)).toFixed(3));
	t.is(says, 'no difference shown');
});

test('what is far apart differs, one value each says nothing, and no value is no comparison', t => {
	t.is(differenceOf('seconds', [1, 1.1, 0.9], [5, 5.2, 5.1])!.says, 'differs');
	t.is(differenceOf('seconds', [2, 2], [2, 2])!.says, 'no difference shown');
	t.is(differenceOf('seconds', [2, 2], [3, 3])!.says, 'differs');
	const one = differenceOf('seconds', [1], [5, 5])!;
	t.is(one.says, 'unknown');
	t.is(one.interval, undefined);
	t.is(differenceOf('seconds', [], [1]), undefined);
});

test('sides exchanged, the difference has the other sign and the same width', t => {
	const sample = fc.array(
		fc.nat(1e6).map(ms => ms / 1000),
		{minLength: 2, maxLength: 40},
	);
	fc.assert(
		fc.property(sample, sample, (a, b) => {
			const [one, other] = [differenceOf('x', a, b)!, differenceOf('x', b, a)!];
			t.true(Math.abs(one.difference + other.difference) < 1e-9);
			t.true(Math.abs(one.interval!.low + other.interval!.high) < 1e-6);
			t.is(one.says, other.says);
			t.true(one.interval!.low <= one.difference && one.difference <= one.interval!.high);
		}),
	);
});
