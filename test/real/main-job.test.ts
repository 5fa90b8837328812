/**
 * The main job: claims are proven on a real swarm, from the command line to JUnit; then again from the cache. The claims are those
 * that need IPVS, which the kernel of a Docker host may lack; container.test.ts proves the others, and these where it can.
 */
import fs from 'node:fs';
import path from 'node:path';
import type {RunSummary} from '../../harness/record/summary/summarise.ts';
import {events, forget, ownPlaces, processesIn, remains, runFolder, swarmlab} from './lab.ts';
import test from './real-test.ts';

/** Titles of the claims that need IPVS, and of the one that forms a swarm of new machines. */
const chosen = ['--grep', 'VIP|mesh|balancer on every|kept-alive|refuses connections|attachable overlay|Ready node'];

test.serial('claims are proven on a real swarm by the default run, and JUnit says so', async t => {
	const places = ownPlaces();
	// Other test files run beside this one: two swarms at once would be too much work for two CPUs.
	const {exitCode, all} = await swarmlab(['run', '--jobs', '1', ...chosen], places, {timeout: 3000});
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
