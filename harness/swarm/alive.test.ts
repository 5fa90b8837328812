import test from 'ava';
import {neighbours} from './alive.ts';

test('each node has to reach the next, the last one the first', t => {
	t.deepEqual(neighbours({m1: '10.0.0.2', w1: '10.0.0.3', w2: '10.0.0.4'}), {
		m1: '10.0.0.3',
		w1: '10.0.0.4',
		w2: '10.0.0.2',
	});
	t.deepEqual(neighbours({m1: '10.0.0.2'}), {m1: '10.0.0.2'}, 'a node alone reaches its own end');
});
