import test from 'ava';
import {rateBetween} from './clock.ts';

test('two readings of a clock prove between which rates it runs', t => {
	const first = {askedSeconds: 100, machineSeconds: 5, answeredSeconds: 100.2};
	const second = {askedSeconds: 104.2, machineSeconds: 16.2, answeredSeconds: 104.4};
	const {atLeast, atMost} = rateBetween(first, second);
	t.is(atLeast.toFixed(2), '2.55');
	t.is(atMost.toFixed(2), '2.80');
});

test('answers that came late prove little', t => {
	const first = {askedSeconds: 100, machineSeconds: 5, answeredSeconds: 103.9};
	const second = {askedSeconds: 104, machineSeconds: 9, answeredSeconds: 110};
	const {atLeast, atMost} = rateBetween(first, second);
	t.true(atLeast < 1 && atMost > 1);
});
