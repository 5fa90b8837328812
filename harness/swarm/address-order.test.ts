import test from 'ava';
import {byAddress} from './address-order.ts';

test('addresses are in order of their numbers, not of their digits', t => {
	t.deepEqual(['10.200.1.10', '10.200.1.9', '10.200.0.11'].sort(byAddress), [
		'10.200.0.11',
		'10.200.1.9',
		'10.200.1.10',
	]);
});
