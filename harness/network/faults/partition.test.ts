import test from 'ava';
import {UsageError} from '../../errors.ts';
import {bridge, groups, halves, isolate, oneWay, ring} from './partition.ts';

const five = ['a', 'b', 'c', 'd', 'e'];

test('halves do not hear each other, and the first has the odd node', t => {
	t.deepEqual(halves(five), {a: ['d', 'e'], b: ['d', 'e'], c: ['d', 'e'], d: ['a', 'b', 'c'], e: ['a', 'b', 'c']});
	t.deepEqual(halves(['a', 'b']), {a: ['b'], b: ['a']});
});

test('an isolated node hears nobody, and nobody hears it', t => {
	t.deepEqual(isolate(['a', 'b', 'c'], 'b'), {a: ['b'], b: ['a', 'c'], c: ['b']});
});

test('one way: only the receivers are deaf', t => {
	t.deepEqual(oneWay(['a'], ['b', 'c']), {b: ['a'], c: ['a']});
	t.deepEqual(oneWay(['a', 'b'], ['b']), {b: ['a']});
});

test('a bridge hears both halves and is heard by both', t => {
	const cut = bridge(five, 'c');
	t.deepEqual(cut, {a: ['d', 'e'], b: ['d', 'e'], d: ['a', 'b'], e: ['a', 'b']});
});

test('in a ring each node hears its two neighbours', t => {
	t.deepEqual(ring(five), {a: ['c', 'd'], b: ['d', 'e'], c: ['a', 'e'], d: ['a', 'b'], e: ['b', 'c']});
	t.throws(() => ring(['a', 'b', 'c']), {instanceOf: UsageError, message: /cuts nothing/});
});

test('three groups hear only themselves', t => {
	t.deepEqual(groups(['a', 'b'], ['c'], ['d']), {a: ['c', 'd'], b: ['c', 'd'], c: ['a', 'b', 'd'], d: ['a', 'b', 'c']});
});
