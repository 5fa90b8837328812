/** A stack in a real machine: each way in which stack.sh and exercise.sh fail is named, and what comes out is JUnit. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runExercises} from '../../harness/devstack/exercise.ts';
import {judgeExercise} from '../../harness/devstack/judge.ts';
import {kinds} from '../../harness/devstack/kinds.ts';
import {asStackUser} from '../../harness/devstack/place.ts';
import {resolveStack} from '../../harness/devstack/spec.ts';
import {runStack, type StackOutcome} from '../../harness/devstack/stack.ts';
import {connect, type Machine} from '../../harness/machine/index.ts';
import type {CellHandle, Result, Verdict} from '../../harness/model/index.ts';
import {all, faults, parse, wrongCounts} from '../../reports/fixtures/read-junit.ts';
import {events, forget, ownPlaces, processesIn, remains, runFolder, swarmlab} from './lab.ts';

const places = ownPlaces();
const logs = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-stacks-'));
let machine: Machine;

test.before(async t => {
	const {exitCode, stdout, all} = await swarmlab(['up', '--workers', '0', '--json'], places);
	t.is(exitCode, 0, all);
	machine = await connect((JSON.parse(stdout) as CellHandle).machines[0]!);
});

test.after.always(async t => {
	await swarmlab(['down', '--all'], places);
	t.deepEqual(processesIn(places), []);
	forget(places);
	fs.rmSync(logs, {recursive: true, force: true});
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
		kinds.rehearsal.limit = 60;
		try {
			const {completed, failure, seconds} = await stack({REHEARSE: 'hang'});
			t.false(completed);
			t.regex(failure!.message, /hangs: it did not end in 60 s; its last line: waits for nova-api to listen/);
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

test.serial('from nothing to JUnit, and again from the snapshot', async t => {
	const localrc = ['--localrc', 'REHEARSE=exercise', '--localrc', `MARK=${process.pid}`];
	for (const state of ['built', 'cached']) {
		const own = ownPlaces();
		const {exitCode, all: said} = await swarmlab(
			['run', 'scenarios/devstack', '--stack', 'rehearsal', ...localrc],
			own,
		);
		t.is(exitCode, 1, said);
		const results = events(own).flatMap(event => (event.event === 'result' ? [event.result] : []));
		t.deepEqual(Object.fromEntries(results.map(({title, verdict}) => [title, verdict])), {
			...{'stack.sh completes': 'passed', aggregates: 'passed', 'client-args': 'passed', 'client-env': 'passed'},
			...{swift: 'skipped', volumes: 'failed', 'tempest run --smoke comes to its end': 'passed'},
			...{'tempest.api.identity.test_versions': 'passed', 'tempest.api.volume.test_list': 'skipped'},
			'Keystone answers where stack.sh said, by the address of the machine': 'passed',
			// Where there is no OpenStack nobody can walk through it.
			...Object.fromEntries(results.filter(({file}) => file.endsWith('walk.ts')).map(({title}) => [title, 'skipped'])),
		});
		t.deepEqual(new Set(results.map(({origin}) => origin)), new Set(['fixture snapshot']));
		t.is(events(own).findLast(event => event.event === 'artifact' && event.kind === 'fixture')?.event, 'artifact');
		t.true(
			events(own).some(event => event.event === 'artifact' && event.kind === 'fixture' && event.state === state),
			state,
		);
		await asWanted(t, fs.readFileSync(path.join(runFolder(own)!, 'junit.xml'), 'utf8'), results, runFolder(own)!);
		t.regex(fs.readFileSync(path.join(runFolder(own)!, 'index.html'), 'utf8'), /come from a rehearsal tree/);
		t.deepEqual(processesIn(own), []);
		t.deepEqual(remains(own), []);
		forget(own);
	}
});

async function asWanted(t: ExecutionContext, xml: string, results: Result[], folder: string): Promise<void> {
	t.deepEqual(await faults(xml), []);
	const document = parse(xml);
	t.deepEqual(wrongCounts(document), []);
	const cases = all(document, 'testcase').filter(each => each.attributes.name !== 'provision');
	t.deepEqual(
		cases.map(({attributes}) => attributes.classname?.replace(/\.qemu-k.*-rehearsal$/, '')),
		results.map(() => 'devstack'),
	);
	const volumes = cases.find(each => each.attributes.name === 'volumes')!;
	t.regex(all(volumes, 'failure')[0]!.attributes.message!, /^Failure getting image/);
	const [, attached] = /\[\[ATTACHMENT\|(\S*exercise\.sh\.log)\]\]/.exec(all(volumes, 'system-out')[0]!.text) ?? [];
	t.true(fs.existsSync(path.join(folder, attached!.slice(attached!.indexOf('cells/')))), 'the log is attached');
	t.is(all(cases.find(each => each.attributes.name === 'swift')!, 'skipped')[0]!.attributes.message, 'exit 55');
	const facts = all(document, 'property').map(({attributes}) => `${attributes.name}=${attributes.value}`);
	t.true(
		facts.some(each => /^stack=a rehearsal tree/.test(each)),
		'JUnit says what kind of stack it is',
	);
	t.true(facts.includes('localrc.REHEARSE=exercise'));
	t.regex(results.find(each => each.title === 'stack.sh completes')!.evidence.join(), /stack\.sh\.log/);
}
