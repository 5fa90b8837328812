/** A packaged cloud on a real machine: its exercises pass, and fail when a service of it is gone. */
import test from 'ava';
import {asStackUser} from '../../harness/devstack/place.ts';
import {connect} from '../../harness/machine/index.ts';
import type {CellHandle, Result} from '../../harness/model/index.ts';
import {events, forget, ownPlaces, processesIn, swarmlab} from './lab.ts';

/** Makes the disk and runs stack.sh where nobody has yet: a quarter of an hour under emulation. */
const limit = {timeout: 2400};

test.serial('real Keystone and Glance come up, or come back, and pass every exercise that applies to them', async t => {
	const places = ownPlaces();
	const {exitCode, all} = await swarmlab(
		['run', 'scenarios/devstack', '--stack', 'packaged', '--reuse-fixtures'],
		places,
		limit,
	);
	t.is(exitCode, 0, all);
	const results = events(places).flatMap(event => (event.event === 'result' ? [event.result] : []));
	const of = (verdict: Result['verdict']) =>
		results.flatMap(result => (result.verdict === verdict ? [result.title] : []));
	for (const title of ['stack.sh completes', 'client-args', 'client-env', 'images']) {
		t.true(of('passed').includes(title), `${title} is not among ${of('passed').join(', ')}`);
	}

	for (const title of ['aggregates', 'swift', 'volumes']) {
		t.true(of('skipped').includes(title), `${title} is not among ${of('skipped').join(', ')}`);
	}

	t.deepEqual(processesIn(places), []);
	forget(places);
});

test.serial('without Glance its exercises fail, and Keystone is still reported as well', async t => {
	const places = ownPlaces();
	const up = await swarmlab(['up', '--stack', 'packaged', '--json'], {...places, env: {...places.env, CI: ''}}, limit);
	t.is(up.exitCode, 0, up.all);
	const machine = await connect((JSON.parse(up.stdout) as CellHandle).machines[0]!);
	try {
		const token = await machine.exec(asStackUser('tools/token.sh'));
		t.regex(token.stdout, /^gAAAA/, token.stderr);
		const said = await machine.exec(
			asStackUser(
				'export TOP_DIR=$PWD; source stackrc; source functions; stop_process g-api; RUN_EXERCISES="client-env images" ./exercise.sh 2>&1',
			),
			{timeout: 600},
		);
		t.is(said.exitCode, 1, said.stdout);
		t.regex(said.stdout, /^Keystone: Succeeded$/m);
		t.regex(said.stdout, /^Glance: Failed$/m);
		t.regex(said.stdout, /^\[ERROR\] \S+\/exercises\/clients:\d+ at least one client failed$/m);
		t.true(said.stdout.endsWith(`\nFAILED client-env\nFAILED images\n${'='.repeat(69)}`), said.stdout);
	} finally {
		await machine.disconnect();
		await swarmlab(['down', '--all'], places);
	}

	t.deepEqual(processesIn(places), []);
	forget(places);
});
