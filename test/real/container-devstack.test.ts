/**
 * Stacks in a container: each way in which a rehearsed stack.sh and exercise.sh fail is named; then a packaged cloud comes up and
 * its exercises pass. A machine of QEMU takes ten times as long for the latter (docs/devstack-packaged.md). How a stack is saved,
 * restored and reported in JUnit is in devstack.test.ts.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
	asStackUser,
	judgeExercise,
	kinds,
	resolveStack,
	runExercises,
	runStack,
	type StackOutcome,
	waitForKeystone,
} from '../../harness/devstack/index.ts';
import type {Machine} from '../../harness/machine/index.ts';
import type {Verdict} from '../../harness/model/index.ts';
import test from './real-test.ts';
import {type StackMachine, startStackMachine} from './stack-machine.ts';

let up: StackMachine | undefined;
let machine: Machine;
let logs: string;

test.before(async () => {
	up = await startStackMachine();
	({machine, folder: logs} = up);
});

test.after.always(async () => {
	await up?.end();
});

let count = 0;

async function stack(localrc: Record<string, string>, retryWithRemedy = false): Promise<StackOutcome> {
	count += 1;
	await machine.run(
		`[ ! -x /opt/stack/devstack/clean.sh ] || ${asStackUser('./clean.sh')}; rm -f /opt/stack/.rehearsal-*`,
	);
	return runStack({
		machine,
		stack: resolveStack('rehearsal', {localrc, retryWithRemedy}),
		folder: path.join(logs, String(count)),
		slow: true,
		onProgress() {},
		signal: new AbortController().signal,
	});
}

const failures: [rehearsed: string, name: string | undefined, message: RegExp, line: RegExp][] = [
	['session', 'another session', /an earlier stack\.sh runs/, /^You are already running/],
	['git', 'git blocked', /cannot be cloned/, /git call failed: \[git clone git:\/\//],
	['generate-subunit', 'git blocked', /cannot be cloned/, /git call failed/],
	['apt', 'apt sources', /package source/, /we're dead now/],
	['mysql', 'MySQL denied', /another root password/, /^ERROR 1045/],
	['ovs', 'Open vSwitch denied', /without the rights/, /^ovs-vsctl/],
	['proxy', 'Keystone behind a proxy', /through the proxy/, /proxy\.example\.com/],
	['distro', 'system not supported', /does not know the system/, /FORCE=yes/],
	['disk', 'disk full', /disk is full/, /No space left on device/],
	['die', undefined, /^nova-api did not start \(/, /nova-api did not start/],
	['silent', undefined, /ended with 3 and did not say why/, /^$/],
];
for (const [rehearsed, name, message, line] of failures) {
	test.serial(`stack.sh that fails by ${rehearsed} is named ${name ?? 'by its own words'}`, async t => {
		const {completed, failure, files} = await stack({REHEARSE: rehearsed});
		t.false(completed);
		t.is(failure?.signature?.name, name);
		t.regex(failure!.message, message);
		t.regex(failure!.line ?? '', line);
		t.notRegex(failure!.message, /generate-subunit|orlddump/);
		const written = files.map(file => fs.readFileSync(file, 'utf8'));
		t.true(written[0]!.length > 0);
		t.notRegex(written.join('\n'), /password=s[0-9a-f]{16}|-ps[0-9a-f]{16}/, 'passwords are masked');
		if (rehearsed === 'git') {
			t.true(
				files.some(file => /worlddump/.test(file)),
				'what was dumped is attached',
			);
			t.regex(failure!.aftermath.join('\n'), /ovs-vsctl/);
		}
	});
}

for (const rehearsed of ['git', 'apt', 'session']) {
	test.serial(`${rehearsed} is helped with --retry-with-remedy, and the result has both tries`, async t => {
		const {completed, failure, earlier} = await stack({REHEARSE: rehearsed}, true);
		t.true(completed, failure?.message);
		t.is(earlier.length, 1);
		t.truthy(earlier[0]!.done);
	});
}

test.serial(
	'stack.sh that hangs is ended in its time, with all that it started, and its last line reported',
	async t => {
		const {limit} = kinds.rehearsal;
		// Long enough to come to the line that hangs, on a host with much to do.
		kinds.rehearsal.limit = 30;
		try {
			const {completed, failure, seconds} = await stack({REHEARSE: 'hang'});
			t.false(completed);
			t.regex(failure!.message, /hangs: it did not end in 30 s; its last line: waits for nova-api to listen/);
			// What hangs would go on for an hour.
			t.true(seconds < 1800);
			t.is((await machine.exec('pgrep -f "sleep 3600"')).stdout, '', 'nothing of it is left');
		} finally {
			kinds.rehearsal.limit = limit;
		}
	},
);

test.serial('noise does not keep it from completing, and its log is text', async t => {
	const {completed, failure, log, files} = await stack({REHEARSE: 'noise'});
	t.true(completed, failure?.message);
	t.is(log.keystone, `http://${machine.address}:5000/v3/`);
	t.is(log.times?.components.git_timed, 0);
	t.regex(fs.readFileSync(files[0]!, 'utf8'), /The password: \*{8}\n/);
});

const runs: [rehearsed: string, verdicts: Record<string, Verdict>, message: [string, RegExp]][] = [
	[
		'exercise',
		{aggregates: 'passed', 'client-args': 'passed', 'client-env': 'passed', swift: 'skipped', volumes: 'failed'},
		['volumes', /^Failure getting image/],
	],
	[
		'killed',
		{aggregates: 'broken', 'client-args': 'broken', 'client-env': 'broken', swift: 'skipped', volumes: 'skipped'},
		['client-env', /without a summary, in the middle of it/],
	],
	[
		'contradiction',
		{aggregates: 'passed', 'client-args': 'passed', 'client-env': 'passed', swift: 'skipped', volumes: 'passed'},
		['never-ran', /says PASS, and it never ran/],
	],
];
for (const [rehearsed, verdicts, [name, message]] of runs) {
	test.serial(`exercises of which one meets ${rehearsed} come out as they did`, async t => {
		t.true((await stack({REHEARSE: rehearsed})).completed);
		const run = await runExercises({
			machine,
			exercises: Object.keys(verdicts),
			log: path.join(logs, `${rehearsed}.log`),
			onProgress() {},
		});
		const judge = (each: string) => judgeExercise(each, run, {maySkip: ['swift']});
		t.deepEqual(Object.fromEntries(Object.keys(verdicts).map(each => [each, judge(each).verdict])), verdicts);
		t.regex(judge(name).reason?.message ?? '', message);
	});
}

test.serial('exercises that ask no service prove nothing', async t => {
	t.true((await stack({ENABLED_SERVICES: ''})).completed);
	const exercises = ['client-env', 'client-args'];
	const run = await runExercises({
		machine,
		exercises,
		only: exercises,
		log: path.join(logs, 'none.log'),
		onProgress() {},
	});
	t.is(run.exitCode, 0, 'exercise.sh itself is content');
	t.deepEqual(
		run.log.blocks.map(each => each.name),
		exercises,
		'in the order asked for, by blanks',
	);
	t.regex(judgeExercise('client-env', run).reason!.message, /without asking a single service/);
});

test.serial('stack.sh of a packaged cloud brings up real Keystone and Glance', async t => {
	await machine.run(asStackUser('./clean.sh'));
	const stacked = await runStack({
		...{machine, stack: resolveStack('packaged'), folder: path.join(logs, 'packaged'), slow: false},
		onProgress() {},
		signal: new AbortController().signal,
	});
	t.true(stacked.completed, stacked.failure?.message);
	await waitForKeystone(machine, stacked.log.keystone);
	const token = await machine.exec(asStackUser('tools/token.sh'));
	t.regex(token.stdout, /^gAAAA/, token.stderr);
});

test.serial('they pass every exercise that applies to them', async t => {
	const exercises = kinds.packaged.exercises!;
	const run = await runExercises({machine, exercises, log: path.join(logs, 'packaged.log'), onProgress() {}});
	const maySkip = exercises.filter(name => !['client-args', 'client-env', 'images'].includes(name));
	const of = (verdict: string) => exercises.filter(name => judgeExercise(name, run, {maySkip}).verdict === verdict);
	t.deepEqual(of('passed'), ['client-args', 'client-env', 'images']);
	t.deepEqual(of('skipped'), maySkip);
});

test.serial('without Glance its exercises fail, and Keystone is still reported as well', async t => {
	await machine.run(asStackUser('export TOP_DIR=$PWD; source stackrc; source functions; stop_process g-api'));
	const said = await machine.exec(asStackUser('RUN_EXERCISES="client-env images" ./exercise.sh 2>&1'));
	t.is(said.exitCode, 1, said.stdout);
	t.regex(said.stdout, /^Keystone: Succeeded$/m);
	t.regex(said.stdout, /^Glance: Failed$/m);
	t.regex(said.stdout, /^\[ERROR\] \S+\/exercises\/clients:\d+ at least one client failed$/m);
	t.true(said.stdout.endsWith(`\nFAILED client-env\nFAILED images\n${'='.repeat(69)}`), said.stdout);
});

test.serial('unstack.sh ends all that stack.sh has started', async t => {
	const {exitCode, stdout, stderr} = await machine.exec(asStackUser('./unstack.sh'));
	t.is(exitCode, 0, `${stdout}\n${stderr}`);
	t.notRegex((await machine.run('ps -e -o args')).toString(), /uwsgi|mariadbd|openstack-warm/);
});
