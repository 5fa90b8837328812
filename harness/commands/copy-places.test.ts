/** The places of `swarmlab cp`. */
import test from 'ava';
import {UsageError} from '../errors.ts';
import {placesOf} from './copy-places.ts';

test('a place is on a machine if a name comes before its first colon, and no slash does', t => {
	t.deepEqual(placesOf('m1:/etc/hostname', '.'), [{node: 'm1', path: '/etc/hostname'}, {path: '.'}]);
	t.deepEqual(placesOf('./m1:x', 'w1:/root/a:b'), [{path: './m1:x'}, {node: 'w1', path: '/root/a:b'}]);
	t.deepEqual(placesOf('m1:a', 'w1:b'), [
		{node: 'm1', path: 'a'},
		{node: 'w1', path: 'b'},
	]);
});

test('two places of this host, and a place without a path, are refused', t => {
	t.throws(() => placesOf('/a', './b:c'), {instanceOf: UsageError, message: /Neither \/a nor \.\/b:c is on a machine/});
	t.throws(() => placesOf('m1:', 'x'), {instanceOf: UsageError, message: /'m1:' has no path/});
	t.throws(() => placesOf('m1:/x', ''), {instanceOf: UsageError, message: /'' has no path/});
});
