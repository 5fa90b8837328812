/** Slower is said only of what repeated measurements show. */
import test from 'ava';
import type {PastTry} from '../history/past-run.ts';
import {slowerIn} from './slower.ts';

const tries = (...seconds: number[]): PastTry[] =>
	seconds.map(each => ({verdict: 'passed', seconds: each, metrics: {}}));
const steady = tries(2, 2.1, 1.9, 2.2, 2, 2.05);

test('one measurement is never slower, however long it took', t => {
	t.deepEqual(slowerIn([{before: steady, now: tries(60)}]), []);
	t.deepEqual(slowerIn([{before: tries(2), now: tries(60, 61, 62, 63)}]), []);
	t.deepEqual(slowerIn([{before: steady, now: tries(60, 61)}]), []);
});

test('several that are above all earlier ones are, with medians and numbers', t => {
	const [found, ...more] = slowerIn([{before: steady, now: tries(3, 3.1, 2.9, 3.2)}]);
	t.deepEqual(more, []);
	t.like(found, {index: 0, metric: '', before: 2, now: 3, counts: [6, 4]});
	t.is(found!.probability, 1 / 210);
});

test('what is slower by less than a fifth, or by a blink, is not', t => {
	t.deepEqual(
		slowerIn([{before: tries(...Array<number>(15).fill(2)), now: tries(...Array<number>(15).fill(2.3))}]),
		[],
	);
	t.deepEqual(
		slowerIn([{before: tries(...Array<number>(15).fill(0.01)), now: tries(...Array<number>(15).fill(0.03))}]),
		[],
	);
});

test('among many claims, one with few values is not believed, and one with many is', t => {
	const others = Array.from({length: 100}, () => ({before: steady, now: steady}));
	t.deepEqual(slowerIn([...others, {before: steady, now: tries(3, 3.1, 2.9, 3.2)}]), []);
	const many = {before: [...steady, ...steady], now: tries(3, 3.1, 2.9, 3.2, 3, 3.3, 3.1, 3)};
	t.deepEqual(
		slowerIn([...others, many]).map(({index}) => index),
		[100],
	);
});

test('a metric is compared by itself, one in another unit is not, and neither are tries that failed', t => {
	const with_ = (value: number): PastTry => ({
		...{verdict: 'passed', seconds: 1},
		metrics: {moved: value, 'requests (number)': value},
	});
	const [before, now] = [
		[1, 1.1, 1.2, 1],
		[3, 3.1, 3.2, 3],
	].map(all => all.map(with_)) as [PastTry[], PastTry[]];
	t.deepEqual(
		slowerIn([{before, now}]).map(({metric}) => metric),
		['moved'],
	);
	const failed = now.map(each => ({...each, verdict: 'failed' as const}));
	t.deepEqual(slowerIn([{before, now: failed}]), []);
});
