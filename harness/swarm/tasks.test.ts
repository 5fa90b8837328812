import test from 'ava';
import {lookForRunning, lookForStopped, type Task} from './tasks.ts';

const task = (name: string, state: string, more: Partial<Task> = {}): Task => ({
	id: name,
	name,
	node: 'w1',
	state,
	desired: 'running',
	containerId: '',
	addresses: {},
	error: '',
	at: '',
	...more,
});

const look = async (tasks: Task[], wanted: number) =>
	lookForRunning(
		async () => tasks,
		async () => wanted,
	)();

test('tasks run when exactly so many do', async t => {
	t.like(await look([task('web.1', 'running'), task('web.2', 'running')], 2), {done: true});
	t.deepEqual(await look([], 0), {done: true, value: []});
});

test('a task that is on its way is reported, with its node', async t => {
	t.deepEqual(await look([task('web.1', 'running'), task('web.2', 'preparing')], 2), {
		done: false,
		seen: '1 of 2 tasks running; web.2 on w1 is preparing',
	});
});

test('too many tasks are not the right number', async t => {
	t.like(await look([task('web.1', 'running'), task('web.2', 'running')], 1), {done: false});
});

test('a task whose desired state is shutdown does not count', async t => {
	t.like(await look([task('web.1', 'running'), task('web.2', 'running', {desired: 'shutdown'})], 1), {done: true});
});

test('an error is reported in full', async t => {
	const error = `could not add veth pair inside the network sandbox: ${'x'.repeat(300)}`;
	const seen = await look([task('web.1', 'rejected', {error, desired: 'shutdown'})], 1);
	t.true('seen' in seen && seen.seen.includes(error));
});

const failed = ['aaaaaaaa1', 'bbbbbbbb2', 'cccccccc3', 'dddddddd4'].map(id =>
	task('web.1', 'failed', {id, desired: 'shutdown', error: `no master "ov-000101-46gc3" for "veth${id}"`}),
);

/** What the last of several looks finds. */
async function lastLook(lists: Task[][]) {
	const left = [...lists];
	const next = lookForRunning(
		async () => left.shift()!,
		async () => 1,
	);
	for (const _ of lists.slice(1)) {
		await next();
	}

	return next();
}

test('the same error three times is hopeless, whatever the names in it', async t => {
	t.true('hopeless' in (await lastLook([[], failed.slice(0, 3)])));
	t.false('hopeless' in (await lastLook([[], failed.slice(0, 2)])));
});

test('the same error once in each of three slots is not hopeless: the next task of each may run', async t => {
	const first = failed.slice(0, 3).map((each, index) => ({...each, name: `web.${index + 1}`}));
	t.false('hopeless' in (await lastLook([[], first])));
	t.true('hopeless' in (await lastLook([[], [...first, ...failed.slice(0, 2)]])));
});

test('tasks that had ended before the first look make nothing hopeless', async t => {
	t.false('hopeless' in (await lastLook([failed.slice(0, 3), failed])));
	t.true('hopeless' in (await lastLook([failed.slice(0, 1), failed])));
});

test('stopped are those that neither run nor will', async t => {
	const tasks = [task('web.1', 'shutdown'), task('web.2', 'running'), task('web.3', 'running')];
	const stopped = async (ids: string[]) => lookForStopped(async () => tasks, ids)();
	t.like(await stopped(['web.1']), {done: true});
	t.deepEqual(await stopped(['web.1', 'web.2']), {done: false, seen: 'web.2 on w1 is running'});
});

test('how many tasks are wanted is asked at each look: a node that was down for a moment is wanted again', async t => {
	const ready = [2, 3];
	const tasks = ['a', 'b', 'c'].map(id => task(id, 'running'));
	const next = lookForRunning(
		async () => tasks,
		async () => ready.shift()!,
	);
	t.like(await next(), {done: false, seen: '3 of 2 tasks running'});
	t.like(await next(), {done: true});
});
