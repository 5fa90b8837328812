import test from 'ava';
import {watchMachines} from './watch.ts';

test('a machine whose power a scenario has cut is in no trouble; another one is, and that is reported once', async t => {
	const reported: string[] = [];
	let away = ['w1'];
	const watch = watchMachines(
		{troubles: async () => ['w1: its container is exited', 'w11 is paused', 'w1 is paused']},
		trouble => reported.push(trouble),
		() => away,
	);
	await watch.end();
	t.deepEqual(reported, ['w11 is paused']);
	away = [];
	const other = watchMachines(
		{troubles: async () => ['w1 is paused']},
		trouble => reported.push(trouble),
		() => away,
	);
	await other.end();
	t.deepEqual(reported, ['w11 is paused', 'w1 is paused']);
});
