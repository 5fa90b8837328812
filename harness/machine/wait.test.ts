import test from 'ava';
import {NotProvenError, WaitError} from '../errors.ts';
import {describe, doing, within} from './activity.ts';
import {type Look, waitUntil} from './wait.ts';

const never = async (): Promise<Look<never>> => ({done: false, seen: '1 of 2 tasks running'});

test('a wait returns what was seen at last, and how long it took', async t => {
	let looks = 0;
	const look = async (): Promise<Look<string>> => {
		looks += 1;
		return looks < 3 ? {done: false, seen: `${looks}`} : {done: true, value: 'there'};
	};
	const {value, seconds} = await waitUntil('it is there', look, {limit: 5, poll: 0.01});
	t.is(value, 'there');
	t.is(looks, 3);
	t.true(seconds >= 0.02 && seconds < 5);
});

test('a wait that runs out blames the product and says what it saw last', async t => {
	const error = await t.throwsAsync(waitUntil('2 tasks run', never, {limit: 0.1, poll: 0.02}), {
		instanceOf: NotProvenError,
		message: /^Waited 0\.\d s until 2 tasks run\. Last seen: 1 of 2 tasks running$/,
	});
	t.is(error.lastSeen, '1 of 2 tasks running');
});

test('a wait for our own blames us', async t => {
	await t.throwsAsync(waitUntil('sshd answers', never, {limit: 0.1, poll: 0.02, ours: true}), {instanceOf: WaitError});
});

test('a wait that is hopeless ends at once', async t => {
	const start = performance.now();
	await t.throwsAsync(
		waitUntil('2 tasks run', async () => ({hopeless: 'rejected 3 times: no such image'}), {limit: 60}),
		{
			message: /no such image; it is of no use to wait longer/,
		},
	);
	t.true(performance.now() - start < 5000);
});

test('a look that never returns does not outlive the limit', async t => {
	const start = performance.now();
	await t.throwsAsync(
		waitUntil('it answers', () => new Promise<never>(() => {}), {limit: 0.1}),
		{
			message: /the last look itself did not return/,
		},
	);
	t.true(performance.now() - start < 5000);
});

test('what a look throws is thrown', async t => {
	const look = async () => {
		throw new TypeError('a mistake');
	};
	await t.throwsAsync(waitUntil('it answers', look, {limit: 1}), {instanceOf: TypeError});
});

test('a scope knows what is under way, and ending it ends waits', async t => {
	const ended = new AbortController();
	await within({signal: ended.signal}, async scope => {
		const waiting = waitUntil('2 tasks run', never, {limit: 60, poll: 0.01});
		await new Promise(resolve => setTimeout(resolve, 50));
		t.regex(describe(scope), /^until 2 tasks run \(0\.\d s, last seen: 1 of 2 tasks running\)$/);
		ended.abort();
		await t.throwsAsync(waiting, {name: 'AbortError'});
		await t.throwsAsync(
			doing('m1: uname -r', async () => 'too late'),
			{message: /not begun/},
		);
		t.is(describe(scope), 'nothing of the lab was under way');
	});
});
