/** Blocks, summaries and verdicts, from texts of the shape that exercise.sh writes. */
import test from 'ava';
import fc from 'fast-check';
import {type ExerciseLog, ExerciseReader} from './exercise-log.ts';
import {type Expected, judgeExercise} from './judge.ts';

const rule = '='.repeat(69);
const stars = '*'.repeat(69);

const begin = (name: string) => [
	rule,
	`Running ${name}`,
	rule,
	stars,
	`Begin DevStack Exercise: /t/exercises/${name}.sh`,
	stars,
];
const end = (name: string) => [stars, `SUCCESS: End DevStack Exercise: /t/exercises/${name}.sh`, stars];
const summary = (...lines: string[]) => [rule, ...lines, rule];

const asks = [...begin('client-env'), 'Keystone: Succeeded', 'Glance: Skipped', ...end('client-env')];
const fails = [
	...begin('volumes'),
	'[Call Trace]',
	'/opt/stack/devstack/exercises/volumes.sh:11:die_if_not_set',
	'/opt/stack/devstack/functions-common:211:die',
	'[ERROR] /opt/stack/devstack/functions-common:11 Failure getting image ami',
];
const mixed = [...asks, ...begin('swift'), ...fails, ...summary('SKIP swift', 'PASS client-env', 'FAILED volumes')];

function read(lines: readonly string[], chunk = 1 << 20): ExerciseLog {
	let clock = 0;
	const reader = new ExerciseReader(undefined, () => (clock += 1000));
	const bytes = Buffer.from(`${lines.join('\n')}\n`);
	for (let at = 0; at < bytes.length; at += chunk) {
		reader.write(bytes.subarray(at, at + chunk));
	}

	return reader.end();
}

const verdict = (lines: readonly string[], name: string, exitCode: number | undefined, expected?: Expected) =>
	judgeExercise(name, {log: read(lines), exitCode}, expected);

test('each block is timed from its banner to the next, and says what was in it', t => {
	const {blocks, summary} = read(mixed);
	t.deepEqual(
		blocks.map(({name, seconds, ended, error}) => [name, seconds, ended, error]),
		[
			['client-env', 1, true, undefined],
			['swift', 1, true, undefined],
			// The file of functions-common and the line of its caller belong together only in the trace.
			['volumes', 1, true, 'Failure getting image ami (exercises/volumes.sh:11)'],
		],
	);
	t.deepEqual(blocks[0]!.services, {Keystone: 'Succeeded', Glance: 'Skipped'});
	t.deepEqual(summary, {swift: 'SKIP', 'client-env': 'PASS', volumes: 'FAILED'});
});

test('however the bytes are cut, the same is read', t => {
	const whole = read(mixed).summary;
	fc.assert(
		fc.property(fc.integer({min: 1, max: 200}), chunk => {
			const cut = read(mixed, chunk);
			t.deepEqual(cut.summary, whole);
			t.deepEqual(
				cut.blocks.map(({name, error}) => [name, error]),
				read(mixed).blocks.map(({name, error}) => [name, error]),
			);
		}),
	);
});

const cases: [
	what: string,
	lines: string[],
	name: string,
	exitCode: number | undefined,
	verdict: string,
	message?: RegExp,
][] = [
	['PASS', mixed, 'client-env', 1, 'passed'],
	['SKIP where it must run', mixed, 'swift', 1, 'failed', /was skipped \(exit 55\)/],
	['FAILED', mixed, 'volumes', 1, 'failed', /^Failure getting image ami/],
	['a name that the summary lacks', mixed, 'horizon', 1, 'broken', /did not run it/],
	[
		'a vacuous PASS',
		[...begin('client-args'), ...end('client-args'), ...summary('PASS client-args')],
		'client-args',
		0,
		'broken',
		/without asking a single service/,
	],
	[
		'PASS of what failed',
		[...fails, ...summary('PASS volumes')],
		'volumes',
		0,
		'broken',
		/says PASS, and its block: Failure getting/,
	],
	[
		'PASS of what never came to its end',
		[...begin('volumes'), ...summary('PASS volumes')],
		'volumes',
		0,
		'broken',
		/does not come to its end/,
	],
	[
		'FAILED of what came to its end',
		[...begin('x'), ...end('x'), ...summary('FAILED x')],
		'x',
		1,
		'broken',
		/comes to its end/,
	],
	['PASS of what never ran', [...asks, ...summary('PASS client-env', 'PASS ghost')], 'ghost', 0, 'broken', /never ran/],
	[
		'a block without a line in the summary',
		[...asks, ...fails, ...summary('PASS client-env')],
		'volumes',
		0,
		'broken',
		/does not name it/,
	],
	['FAILED and exit code 0', mixed, 'volumes', 0, 'broken', /ended with 0, and its summary names failed/],
	[
		'SKIP_EXERCISES',
		[...asks, ...summary('SKIP volumes', 'PASS client-env')],
		'volumes',
		0,
		'skipped',
		/SKIP_EXERCISES/,
	],
	[
		'what ran when it was cut off',
		[...asks, ...begin('volumes')],
		'volumes',
		137,
		'broken',
		/ended with 137, without a summary, in the middle/,
	],
	['what had failed when it was cut off', [...fails, ...begin('x')], 'volumes', 137, 'failed', /Failure getting image/],
	[
		'what had ended when it was cut off',
		[...asks, ...begin('volumes')],
		'client-env',
		undefined,
		'broken',
		/not known/,
	],
	['what was not reached', [...asks, ...begin('volumes')], 'zaqar', 137, 'skipped', /^not reached/],
	['nothing at all', [], 'volumes', 127, 'skipped', /ended with 127/],
];
for (const [what, lines, name, exitCode, expected, message] of cases) {
	test(`${what} is ${expected}`, t => {
		const judged = verdict(lines, name, exitCode);
		t.is(judged.verdict, expected as typeof judged.verdict, judged.reason?.message);
		t.regex(judged.reason?.message ?? '', message ?? /^$/);
	});
}

test('what is expected changes the verdict, and a pass against expectation is reported', t => {
	t.is(verdict(mixed, 'swift', 1, {maySkip: ['swift']}).verdict, 'skipped');
	const known = {knownToFail: {volumes: 'no image', 'client-env': 'once'}};
	t.like(verdict(mixed, 'volumes', 1, known), {
		verdict: 'skipped',
		reason: {message: 'known to fail (no image): Failure getting image ami (exercises/volumes.sh:11)'},
	});
	t.like(verdict(mixed, 'client-env', 1, known), {verdict: 'failed', reason: {type: 'UnexpectedPass'}});
});

test('aggregates comes to its end without the word SUCCESS', t => {
	const lines = [
		...begin('aggregates'),
		`End DevStack Exercise: aggregates`,
		'*'.repeat(50),
		...summary('PASS aggregates'),
	];
	t.is(verdict(lines, 'aggregates', 0).verdict, 'passed');
});

test('a rule, a banner or an outcome in the middle of an exercise is only its output', t => {
	const lines = [
		...begin('x'),
		rule,
		'PASS nothing',
		'so it went',
		'Running away',
		'PASS x',
		...end('x'),
		...summary('PASS x'),
	];
	t.deepEqual(read(lines).summary, {x: 'PASS'});
	t.deepEqual(
		read(lines).blocks.map(({name}) => name),
		['x'],
	);
});

test('time stamps, colours and carriage returns change nothing', t => {
	const stamped = mixed.map(line => `2016-04-26 10:21:17.123 | \u001B[31m${line}\u001B[0m\r`);
	t.deepEqual(read(stamped).summary, read(mixed).summary);
});

test('banners and errors behind output that has no line end are read', t => {
	const glued = [
		...asks,
		`100%${rule}`,
		'Running volumes',
		rule,
		'[Call Trace]',
		'/opt/stack/devstack/exercises/volumes.sh:11:die',
		'waits...[ERROR] /opt/stack/devstack/exercises/volumes.sh:11 Failure creating volume',
		`half a line${rule}`,
		'PASS client-env',
		'FAILED volumes',
		rule,
	];
	t.is(verdict(glued, 'client-env', 1).verdict, 'passed');
	t.like(judgeExercise('volumes', {log: read(glued), exitCode: 1}), {
		verdict: 'failed',
		reason: {message: 'Failure creating volume (exercises/volumes.sh:11)'},
	});
});

test("an [ERROR] of a service's log is not the exercise's own", t => {
	const lines = [
		...begin('volumes'),
		'[ERROR] Plugin sha256_password reported: x',
		...end('volumes'),
		...summary('PASS volumes'),
	];
	t.is(verdict(lines, 'volumes', 0).verdict, 'passed');
});
