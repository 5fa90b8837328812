import test from 'ava';
import {leaseVariable} from '../environment.ts';
import {withOwnProcesses} from './ownership.ts';

test.serial(
	'what begins at once has the environment to itself, one after the other, and leaves it as it was',
	async t => {
		const before = process.env[leaseVariable];
		const seen: string[][] = [];
		/** As a start does: takes a lease, waits for something, starts a process that inherits the environment. */
		const start = async (name: string, turns: number) =>
			withOwnProcesses(async () => {
				process.env[leaseVariable] = name;
				for (let turn = 0; turn < turns; turn++) {
					await new Promise(resolve => setImmediate(resolve));
				}

				seen.push([name, process.env[leaseVariable] ?? 'none']);
			});
		await Promise.all([start('first', 2), start('second', 4)]);
		t.deepEqual(seen, [
			['first', 'first'],
			['second', 'second'],
		]);
		t.is(process.env[leaseVariable], before);
	},
);

test.serial('a start that fails leaves the environment as it was, and the next one begins', async t => {
	const before = process.env[leaseVariable];
	const failing = withOwnProcesses(async () => {
		process.env[leaseVariable] = 'failing';
		throw new Error('no');
	});
	const next = withOwnProcesses(async () => process.env[leaseVariable]);
	await t.throwsAsync(failing, {message: 'no'});
	t.is(await next, before);
	t.is(process.env[leaseVariable], before);
});
