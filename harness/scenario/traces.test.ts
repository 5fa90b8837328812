import test from 'ava';
import {changesSince, differences} from './traces.ts';

const rows: Array<[string, string[], string[], string[]]> = [
	['nothing changed', ['node m1', 'network ingress'], ['network ingress', 'node m1'], []],
	['something came', ['a'], ['a', 'b'], ['there is now: b']],
	['something went', ['a', 'b'], ['a'], ['there is no more: b']],
	['a node that is down', ['w1: ready'], ['w1: down'], ['there is now: w1: down', 'there is no more: w1: ready']],
	['the same thing twice', ['a'], ['a', 'a'], ['there is now: a']],
];
for (const [what, before, after, expected] of rows) {
	test(what, t => {
		t.deepEqual(differences(before, after), expected);
	});
}

test('what goes by itself within its time is no change', async t => {
	let looks = 0;
	t.deepEqual(await changesSince(['a'], async () => (++looks < 2 ? ['a', 'b'] : ['a'])), []);
	t.is(looks, 2);
});
