import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {EngineError, MachineError, NotProvenError, WaitError} from '../errors.ts';
import {packageRoot} from '../package.ts';
import {judge, unlessClockIsWrong, unlessNoRoom, unlessStarved} from './verdict.ts';

type Body = (t: ExecutionContext, own: string | undefined) => unknown;

function throwing(error: unknown) {
	return () => {
		throw error;
	};
}

const unreachable = () => new Error('no route to host');

/** Every assertion that can fail, and what its one line must say of what was seen. */
const kinds: [name: string, body: Body, ...seen: string[]][] = [
	['is', (t, own) => t.is(3, 4, own), 'actual: 3; expected: 4'],
	['is, of texts', (t, own) => t.is('10.0.0.9', '10.0.0.10', own), "actual: '10.0.0.9'; expected: '10.0.0.10'"],
	['is, of lines', (t, own) => t.is('a\nb\nc', 'a\nx\nc', own), 'actual: b␊; expected: x␊'],
	['is, of equal objects', (t, own) => t.is({tasks: 2}, {tasks: 2}, own), 'not the same: { tasks: 2, }'],
	['not', (t, own) => t.not(5, 5, own), 'Value is the same as: 5'],
	[
		'deepEqual, too much',
		(t, own) => t.deepEqual(['#1: HTTP 503', '#4: refused'], [], own),
		"not expected: '#1: HTTP 503', '#4: refused'",
	],
	['deepEqual, too little', (t, own) => t.deepEqual([], ['m1'], own), "missing: 'm1'"],
	[
		'deepEqual, of objects',
		(t, own) => t.deepEqual({node: 'w1', tasks: {running: 2}}, {node: 'w1', tasks: {running: 3}}, own),
		'actual: running: 2; expected: running: 3',
	],
	[
		'deepEqual, of another kind',
		(t, own) => t.deepEqual(undefined, {tasks: 1}, own),
		'actual: undefined',
		'expected: { tasks: 1, }',
	],
	['notDeepEqual', (t, own) => t.notDeepEqual({tasks: 7}, {tasks: 7}, own), 'Value is deeply equal: { tasks: 7, }'],
	[
		'like',
		(t, own) => t.like({state: 'shutdown', node: 'w1'}, {state: 'running'}, own),
		"actual: state: 'shutdown'; expected: state: 'running'",
	],
	['true', (t, own) => t.true(false, own), 'Value is not `true`: false'],
	['false', (t, own) => t.false(true, own), 'Value is not `false`: true'],
	['truthy', (t, own) => t.truthy('', own), "Value is not truthy: ''"],
	['falsy', (t, own) => t.falsy('leftover', own), "Value is not falsy: 'leftover'"],
	['assert', (t, own) => t.assert(0, own), 'Value is not truthy: 0'],
	['regex', (t, own) => t.regex('Docker 20.10', /^Docker 26/, own), "'Docker 20.10'", '/^Docker 26/'],
	['notRegex', (t, own) => t.notRegex('oops at 12', /oops/, own), "'oops at 12'", '/oops/'],
	['throws, nothing thrown', (t, own) => void t.throws(() => 'fine', undefined, own), "Function returned: 'fine'"],
	[
		'throws, another message',
		(t, own) => void t.throws(throwing(unreachable()), {message: /refused/}, own),
		"'no route to host'",
		'/refused/',
	],
	[
		'throws, another class',
		(t, own) => void t.throws(throwing(unreachable()), {instanceOf: RangeError}, own),
		"'no route to host'",
		'RangeError',
	],
	[
		'throwsAsync, nothing thrown',
		async (t, own) => void (await t.throwsAsync(async () => 'fine', undefined, own)),
		"resolved with: 'fine'",
	],
	[
		'throwsAsync, another code',
		async (t, own) => void (await t.throwsAsync(Promise.reject(unreachable()), {code: 'ECONNREFUSED'}, own)),
		"'no route to host'",
		"'ECONNREFUSED'",
	],
	['notThrows', (t, own) => t.notThrows(throwing(unreachable()), own), "'no route to host'"],
	['notThrowsAsync', async (t, own) => t.notThrowsAsync(Promise.reject(unreachable()), own), "'no route to host'"],
	[
		'notThrowsAsync, as the product did not do it',
		async (t, own) => t.notThrowsAsync(Promise.reject(new NotProvenError('2 tasks run', 3, '1 of 2 running')), own),
		'1 of 2 running',
	],
];

const own = 'm1: asked from w2';

/** What AVA itself makes of it. */
async function errorOf(t: ExecutionContext, body: Body, message?: string): Promise<unknown> {
	const tried = await t.try(tt => body(tt, message) as Promise<void>);
	tried.discard();
	const [error] = tried.errors;
	return error;
}

for (const [name, body, ...seen] of kinds) {
	test(`${name}: the line has the message and what was seen`, async t => {
		for (const message of [undefined, own, 'as said by the file before, '.repeat(40)]) {
			const {verdict, reason} = judge(await errorOf(t, body, message));
			t.is(verdict, 'failed');
			t.true(
				reason.message.startsWith(`t.${name.split(',')[0]}() did not hold: ${(message ?? '').slice(0, 80)}`),
				reason.message,
			);
			t.deepEqual(
				seen.filter(each => !reason.message.includes(each)),
				[],
				reason.message,
			);
			t.true(reason.message.length <= 500);
			t.notRegex(reason.message, /\n/);
			t.regex(reason.details, /verdict\.test\.ts:\d+/);
		}
	});
}

test('of a large difference both sides are reported, and the message', async t => {
	const many = (what: string) => Array.from({length: 500}, (_, index) => `${what} ${index}`);
	const {reason} = judge(await errorOf(t, (tt, message) => tt.deepEqual(many('got'), many('wanted'), message), own));
	t.regex(
		reason.message,
		/^t\.deepEqual\(\) did not hold: m1: asked from w2 \(actual: 'got 0'.*…; expected: 'wanted 0'.*…\)$/,
	);
	t.true(reason.message.length < 300);
	t.regex(reason.details, /got 499/);
});

test('fail has nothing to show but its message', async t => {
	t.is(judge(await errorOf(t, tt => tt.fail(own))).reason.message, `t.fail() did not hold: ${own}`);
	t.is(judge(await errorOf(t, tt => tt.fail())).reason.message, 't.fail() did not hold: Test failed via `t.fail()`');
});

test("an assertion of Node's own is reported in the same way", async t => {
	const {verdict, reason} = judge(await errorOf(t, () => assert.equal(3, 4, own)));
	t.is(verdict, 'failed');
	t.regex(reason.message, /^m1: asked from w2.* \(actual: 3; expected: 4\)$/);
	t.regex(
		judge(await errorOf(t, () => assert.deepEqual({a: 1}, {a: 2}))).reason.message,
		/strictly deep-equal.*a: 1.*a: 2/,
	);
});

test('a scenario that asserts nothing, or wrongly, is broken: it says nothing of the product', async t => {
	const bodies: [Body, RegExp][] = [
		[() => {}, /^Test finished without running any assertions$/],
		[tt => void tt.throwsAsync(new Promise(() => {})), /an assertion was not awaited/],
		[tt => tt.plan(2), /Planned for 2 assertions, but got 0/],
		[tt => void tt.is(1, 1, 5 as unknown as string), /The assertion message must be a string.*Called with: 5/],
		[tt => void tt.throws(async () => 1), /Use `t\.throwsAsync\(\)` instead/],
	];
	for (const [body, message] of bodies) {
		const {verdict, reason} = judge(await errorOf(t, body));
		t.is(verdict, 'broken');
		t.regex(reason.message, message);
		t.is(reason.type, 'ScenarioError');
		t.regex(reason.remedy ?? '', /Mend the scenario/);
	}
});

test('what is not the product’s stays so inside of an assertion about throwing', async t => {
	const errors = [
		new MachineError('w1', 'cannot be reached'),
		new EngineError('m1', 'create network', 400, 'invalid name'),
		new WaitError('sshd answers', 3, 'Connection refused'),
		new TypeError('swarm.noSuchThing is not a function'),
	];
	for (const error of errors) {
		for (const body of [
			async (tt: ExecutionContext) => tt.notThrowsAsync(Promise.reject(error), own),
			(tt: ExecutionContext) => void tt.throws(throwing(error), {message: 'refused'}, own),
			throwing(error),
		]) {
			const {verdict, reason} = judge(await errorOf(t, body));
			t.is(verdict, 'broken');
			t.true(reason.message.includes(error.message));
		}
	}
});

test('an engine that could not do it is the product’s, inside of an assertion, too', async t => {
	const error = new EngineError('m1', 'create network', 500, 'no subnet left');
	const {verdict, reason} = judge(await errorOf(t, async tt => tt.notThrowsAsync(Promise.reject(error), own)));
	t.is(verdict, 'failed');
	t.regex(reason.message, /m1: asked from w2.*no subnet left/);
});

test('what is thrown and is no error is broken, in its own words', async t => {
	t.like(judge(await errorOf(t, throwing('out of paper'))), {verdict: 'broken', reason: {message: 'out of paper'}});
	t.like(judge(await errorOf(t, throwing(undefined))), {verdict: 'broken', reason: {message: 'undefined'}});
});

test('a snapshot that differs is reported with both', async t => {
	// AVA compares only with a snapshot of an earlier process.
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-snapshot-'));
	fs.symlinkSync(path.join(packageRoot, 'node_modules'), path.join(folder, 'node_modules'));
	fs.writeFileSync(path.join(folder, 'package.json'), '{"type": "module", "ava": {"extensions": ["js"]}}');
	fs.writeFileSync(
		path.join(folder, 'it.test.js'),
		`import fs from 'node:fs';
import test from 'ava';
import {judge} from ${JSON.stringify(path.join(import.meta.dirname, 'verdict.ts'))};
test('it', async t => {
	const tried = await t.try(tt => tt.snapshot({tasks: Number(process.env.TASKS)}, '${own}'));
	if (!tried.passed) {
		fs.writeFileSync('judgement.json', JSON.stringify(judge(tried.errors[0])));
	}
	tried.commit();
});
`,
	);
	const run = async (tasks: number) =>
		execa(process.execPath, [path.join(packageRoot, 'node_modules/ava/entrypoints/cli.js')], {
			cwd: folder,
			env: {TASKS: String(tasks), CI: 'false'},
			reject: false,
			all: true,
		});
	const {exitCode, all} = await run(3);
	t.is(exitCode, 0, all);
	await run(2);
	const {verdict, reason} = JSON.parse(fs.readFileSync(path.join(folder, 'judgement.json'), 'utf8'));
	t.is(verdict, 'failed');
	t.is(reason.message, `t.snapshot() did not hold: ${own} (actual: tasks: 2; expected: tasks: 3)`);
	fs.rmSync(folder, {recursive: true});
});

const refuted = {
	verdict: 'failed' as const,
	reason: {message: 'no answer', type: 'AssertionError', details: 'seen: -'},
};
const starved = {machine: 'w1', seconds: 54.3, ranSeconds: 5.4, waitedSeconds: 48.9};

test('a refuted claim of a starved machine is broken, and says what it had', t => {
	const judged = unlessStarved(refuted, starved);
	t.is(judged.verdict as string, 'broken');
	t.is(judged.reason.message, 'for 54 s this host gave w1 10 % of the CPU time that it asked for: no answer');
	t.is(judged.reason.type, 'StarvedHost');
	t.regex(judged.reason.details, /it waited for 49 s of them/);
});

test('what passed on a host without CPU has passed', t => {
	t.deepEqual(unlessStarved({verdict: 'passed'}, starved), {verdict: 'passed'});
});

test('what is refuted where no machine was starved has failed', t => {
	t.is(unlessStarved(refuted, undefined), refuted);
});

const full = 'rejected (mkdir /var/lib/docker/overlay2/5f: no space left on device)';

test('a claim that fails as the disk of a node is full is broken, with what the engine said', t => {
	const judged = unlessNoRoom(judge(new NotProvenError('2 tasks run', 3, `web.1 is ${full}`)), []);
	t.is(judged.verdict, 'broken');
	t.is(judged.reason.type, 'NoRoom');
	t.regex(judged.reason.message, /^a node had no room: Waited 3\.0 s until 2 tasks run/);
	t.regex(judged.reason.details, /its engine said: .*no space left on device/);
	t.regex(judged.reason.remedy ?? '', /docker system df/);
	t.is(unlessNoRoom(judge(new EngineError('m1', 'create a service', 500, full)), []).verdict, 'broken');
});

test('a full disk excuses nothing else', t => {
	const failed = judge(new NotProvenError('2 tasks run', 3, `web.1 is ${full}`));
	t.is(unlessNoRoom(failed, ['fill-disk']), failed, 'the scenario may have filled it');
	const other = judge(new NotProvenError('2 tasks run', 3, '1 of 2 running'));
	t.is(unlessNoRoom(other, []), other);
	const asserted = {...refuted, reason: {...refuted.reason, message: full}};
	t.is(unlessNoRoom(asserted, []), asserted);
	t.deepEqual(unlessNoRoom({verdict: 'passed'}, []), {verdict: 'passed'});
});

const bounds: [what: string, atLeast: number, atMost: number, verdict: 'failed' | 'broken'][] = [
	['is right', 0.98, 1.03, 'failed'],
	['may be right, as far as it could be measured', 0.4, 1.2, 'failed'],
	['ran 2.8 times too fast', 2.7, 2.9, 'broken'],
	['crept', 0.3, 0.4, 'broken'],
];

for (const [what, atLeast, atMost, verdict] of bounds) {
	test(`a claim that is refuted on a machine whose clock ${what} is ${verdict}`, t => {
		const right = {machine: 'm1', atLeast: 0.99, atMost: 1.01};
		const judged = unlessClockIsWrong(refuted, [right, {machine: 'w1', atLeast, atMost}]);
		t.is(judged.verdict as string, verdict);
		t.regex(
			judged.reason.message,
			verdict === 'broken' ? /^the clock of w1 runs \d\.\d times .*: no answer$/ : /^no answer$/,
		);
	});
}

test('what passed by a wrong clock has passed', t => {
	t.deepEqual(unlessClockIsWrong({verdict: 'passed'}, [{machine: 'm1', atLeast: 2, atMost: 3}]), {verdict: 'passed'});
});
