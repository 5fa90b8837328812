import test from 'ava';
import fc from 'fast-check';
import {parseShard, shardsOf, shardText} from './shards.ts';

const cells = ['a', 'b', 'c', 'd', 'e'].map(id => ({id}));
const idsOf = (seconds: Record<string, number>, of: number) =>
	shardsOf(cells, seconds, of).map(shard => shard.map(({id}) => id).join(''));

test('the longest cells are dealt first, so that machines take about as long', t => {
	t.deepEqual(idsOf({a: 10, b: 250, c: 90, d: 60, e: 50}, 2), ['b', 'acde']);
	t.deepEqual(idsOf({a: 10, b: 200, c: 90, d: 60, e: 50}, 3), ['b', 'ac', 'de']);
});

test('a cell that never ran counts as the average; where none ran, machines have as many cells', t => {
	t.deepEqual(idsOf({a: 100, b: 100}, 5), ['a', 'b', 'c', 'd', 'e']);
	t.deepEqual(idsOf({}, 2), ['ace', 'bd']);
	t.deepEqual(idsOf({a: 0, b: 0, c: 0, d: 0, e: 0}, 3), ['ad', 'be', 'c']);
});

test('however cells are divided, each is in one shard, in its place, and no shard is empty', t => {
	const asked = fc.record({
		seconds: fc.array(fc.option(fc.nat(1000), {nil: undefined}), {minLength: 1, maxLength: 40}),
		part: fc.double({min: 0, max: 1, noNaN: true}),
	});
	fc.assert(
		fc.property(asked, ({seconds, part}) => {
			const all = seconds.map((_, index) => ({id: String(index)}));
			const of = 1 + Math.floor(part * (all.length - 1));
			const known = Object.fromEntries(seconds.flatMap((each, index) => (each === undefined ? [] : [[index, each]])));
			const shards = shardsOf(all, known, of);
			t.is(shards.length, of);
			t.true(shards.every(shard => shard.length > 0));
			const numbers = shards.map(shard => shard.map(({id}) => Number(id)));
			t.deepEqual(
				numbers.flat().sort((x, y) => x - y),
				all.map((_, index) => index),
			);
			t.true(numbers.every(shard => shard.every((each, index) => index === 0 || each > shard[index - 1]!)));
		}),
	);
});

test('more machines than cells are refused, as a cell is never divided', t => {
	t.throws(() => shardsOf(cells, {}, 6), {message: /^--shard: 6 machines are too many for 5 cells/});
});

test('a shard is written as 2/5', t => {
	t.deepEqual(parseShard('2/5'), {number: 2, of: 5});
	t.is(shardText({number: 2, of: 5}), '2/5');
	for (const text of ['0/5', '6/5', '2', '2/', '-1/5', '2/5/6', 'a/b', '1.5/2', '']) {
		t.throws(() => parseShard(text), {message: /^--shard: '.*' is not valid\. Valid: 1\/5 to 5\/5/}, text);
	}
});
