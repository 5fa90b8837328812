/** The main job, whole: every scenario on a real swarm, from the command line to JUnit; then again from the cache. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {RunSummary} from '../../harness/record/summary/summarise.ts';
import {events, forget, ownPlaces, processesIn, remains, runFolder, swarmlab} from './lab.ts';

test.serial('the default run proves every scenario on a real swarm and says so in JUnit', async t => {
	const places = ownPlaces();
	const {exitCode, all} = await swarmlab(['run'], places, {timeout: 3000});
	const folder = runFolder(places)!;
	const summary = JSON.parse(fs.readFileSync(path.join(folder, 'summary.json'), 'utf8')) as RunSummary;
	t.deepEqual(
		summary.cells.flatMap(({cases}) =>
			cases.filter(({verdict}) => verdict !== 'passed').map(({title, reason}) => [title, reason]),
		),
		[],
	);
	t.is(exitCode, 0, all?.split('\n').slice(-40).join('\n'));
	t.true(summary.counts.passed >= 13, `${summary.counts.passed} claims proven`);
	t.is(summary.host?.accelerator === 'kvm' || summary.host?.accelerator === 'tcg', true);
	t.truthy(summary.host?.acceleratorReason);
	t.true(fs.existsSync(path.join(folder, 'junit.xml')));
	t.true(fs.existsSync(path.join(folder, 'index.html')));
	// The console of each machine is there from the first line on.
	for (const machine of ['m1', 'w1', 'w2']) {
		const console = path.join(folder, 'cells', summary.cells[0]!.cell.id, 'swarm-1/machines', machine, 'console.log');
		t.regex(fs.readFileSync(console, 'utf8'), /Linux version/);
	}

	t.deepEqual(processesIn(places), []);
	t.deepEqual(remains(places), []);
	forget(places);
});

test.serial('a second run takes every artifact from the cache', async t => {
	const places = ownPlaces();
	const {exitCode, all} = await swarmlab(
		['run', 'scenarios/formation.ts', '--workers', '1', '--filter', 'Ready'],
		places,
	);
	t.is(exitCode, 0, all);
	const states = events(places).flatMap(event => (event.event === 'artifact' ? [event.state] : []));
	t.true(states.length > 0);
	t.deepEqual([...new Set(states)], ['cached']);
	forget(places);
});
