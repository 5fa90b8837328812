/** The readers over samples of real runs, where these lie beside the project. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {ExerciseReader} from '../harness/devstack/exercise-log.ts';
import {judgeExercise} from '../harness/devstack/judge.ts';
import {StackReader} from '../harness/devstack/stack-log.ts';
import {StestrReader} from '../harness/devstack/tests.ts';
import {packageRoot} from '../harness/package.ts';

const folder = path.join(packageRoot, '../shared/devstack/samples');
const there = fs.existsSync(folder);
const sample = (name: string) => fs.readFileSync(path.join(folder, name));
const withSamples = there ? test : test.skip;

function stack(name: string) {
	const reader = new StackReader();
	reader.write(sample(name));
	return {log: reader.end(), failure: reader.failure(1)};
}

function exercises(name: string, exitCode: number | undefined) {
	const reader = new ExerciseReader();
	reader.write(sample(name));
	const log = reader.end();
	const names = new Set([...log.blocks.map(each => each.name), ...Object.keys(log.summary ?? {})]);
	return Object.fromEntries([...names].map(each => [each, judgeExercise(each, {log, exitCode}).verdict]));
}

const failures: Record<string, string | RegExp> = {
	'stack-fail-already-running.txt': 'another session',
	'stack-fail-apt.txt': 'apt sources',
	'stack-fail-die.txt': /^keystone did not start \(stack\.sh:52\)$/,
	'stack-fail-distro.txt': 'system not supported',
	'stack-fail-errexit.txt': /did not say why/,
	'stack-fail-git-no-generate-subunit.txt': 'git blocked',
	'stack-fail-git.txt': 'git blocked',
	'stack-fail-keystone-via-proxy.txt': 'Keystone behind a proxy',
	'stack-fail-mysql.txt': 'MySQL denied',
	'stack-fail-ovs.txt': 'Open vSwitch denied',
};
for (const [name, expected] of Object.entries(failures)) {
	withSamples(`${name} is ${expected}`, t => {
		const {failure} = stack(name);
		if (typeof expected === 'string') {
			t.is(failure.signature?.name, expected);
			t.truthy(failure.line);
		} else {
			t.is(failure.signature, undefined);
			t.regex(failure.message, expected);
		}
	});
}

const tables: Record<string, [components: number, total: number | undefined, unaccounted: number | undefined]> = {
	'timing-95c33d53-2015-10.txt': [4, undefined, undefined],
	'timing-96ffde28-2016-04.txt': [8, 1834, undefined],
	'timing-pike-2017.txt': [9, 1834, undefined],
	'timing-master-2026.txt': [10, 1834, 149],
	'stack-end-master.txt': [10, 1834, 149],
	'stack-end-96ffde28-nologfile.txt': [8, 1834, undefined],
};
for (const [name, [components, total, unaccounted]] of Object.entries(tables)) {
	withSamples(`${name}: the table of components`, t => {
		const {times} = stack(name).log;
		t.is(Object.keys(times?.components ?? {}).length, components);
		t.is(times?.components.git_timed, 512);
		t.is(times?.total, total);
		t.is(times?.unaccounted, unaccounted);
	});
}

withSamples('ends of stack.sh show where the cloud is', t => {
	t.like(stack('stack-end-96ffde28-nologfile.txt').log, {
		seconds: 1834,
		hostIp: '10.0.2.15',
		keystone: 'http://10.0.2.15:5000/',
	});
	t.like(stack('stack-end-juno-hostip-line.txt').log, {hostIp: '10.0.2.15'});
	t.like(stack('stack-end-master.txt').log, {
		seconds: 1834,
		versions: {'DevStack Version': '2026.2', 'OS Version': 'Ubuntu 24.04 noble'},
	});
	t.is(stack('stack-end-96ffde28-logfile-console.txt').log.seconds, undefined);
	t.is(stack('stack-summary-96ffde28.log').log.seconds, 1834);
});

withSamples('exercises come out as their scripts ended', t => {
	t.deepEqual(exercises('exercise-real-key-glance-pass.out', 0), {
		...{
			aggregates: 'failed',
			boot_from_volume: 'failed',
			'client-args': 'passed',
			'client-env': 'passed',
			floating_ips: 'failed',
		},
		...{'neutron-adv-test': 'failed', sec_groups: 'failed', swift: 'failed', volumes: 'failed'},
	});
	// No service at all, and yet exit code 0: nothing was tested.
	t.like(exercises('exercise-real-no-services-vacuous-pass.out', 0), {'client-args': 'broken', 'client-env': 'broken'});
	t.like(exercises('exercise-mixed.txt', 1), {
		aggregates: 'passed',
		sec_groups: 'passed',
		boot_from_volume: 'failed',
		floating_ips: 'failed',
		volumes: 'failed',
	});
	t.like(exercises('exercise-truncated.txt', 137), {boot_from_volume: 'failed', aggregates: 'broken'});
	t.deepEqual(exercises('exercise-bad-run-list.txt', 1), {'client-env,client-args': 'failed'});
	t.deepEqual(
		Object.values(exercises('exercise-all-pass.txt', 0)).filter(each => each === 'failed'),
		[],
	);
	// A summary alone proves nothing: no block shows that anything ran.
	t.deepEqual(new Set(Object.values(exercises('exercise-seed-summary.txt', 1))), new Set(['skipped', 'broken']));
});

withSamples('stestr and tempest: `run` and `last` report the same', t => {
	const readText = (name: string) => {
		const reader = new StestrReader();
		reader.write(sample(name));
		return reader.end();
	};
	const brief = ({tests}: ReturnType<typeof readText>) => tests.map(({id, status, message}) => ({id, status, message}));
	t.deepEqual(brief(readText('stestr-run.txt')), brief(readText('stestr-last.txt')));
	t.deepEqual(readText('stestr-run.txt').problems, []);
	const tempest = readText('tempest-run-nocloud.txt');
	t.deepEqual(tempest.problems, []);
	t.is(tempest.tests.filter(({status}) => status === 'skipped').length, 6);
	t.is(tempest.tests.filter(({status}) => status === 'failed').length, 3);
});

withSamples('cut off anywhere, no exercise passes that did not before', t => {
	const whole = sample('exercise-real-key-glance-pass.out');
	for (let length = 0; length < whole.length; length += 37) {
		const reader = new ExerciseReader();
		reader.write(whole.subarray(0, length));
		const log = reader.end();
		t.is(log.summary, undefined);
		for (const {name} of log.blocks) {
			t.not(judgeExercise(name, {log, exitCode: 137}).verdict, 'passed');
		}
	}
});
