/** A scenario file of an earlier version is planned by the names of today, and every old name is reported once. */
import path from 'node:path';
import test from 'ava';
import {planScenarios} from './scenarios.ts';

test('a scenario file that uses old names is planned as if it used the new ones, with a warning for each', async t => {
	const folder = path.join(import.meta.dirname, 'fixtures');
	const {scenarios, problems, notices} = await planScenarios(['old-names.ts'], {folder});
	const file = 'harness/plan/fixtures/old-names.ts';
	const webs = 'a web server on every node but the last, and a client on every node';
	t.deepEqual(problems, []);
	t.deepEqual(scenarios, [
		{title: 'looks at an arrangement', file, line: 7, fixture: {name: 'a network', file}},
		{title: 'spoils an arrangement', file, line: 11, fixture: {name: webs, file: 'scenarios/fixtures.ts'}},
		{title: 'wants a swarm that is formed for it', file, line: 15, cluster: 'new'},
	]);
	const last = 'The old name goes with the next release.';
	t.deepEqual(notices.sort(), [
		`arrangement() is called fixture() now (${file}:5). ${last}`,
		`scenarios/arrangements.ts is called scenarios/fixtures.ts now (${file}). ${last}`,
		`{arrangement: …} is called {fixture: …} now (${file}:7, ${file}:11). ${last}`,
		`{cluster: 'formed'} is called {cluster: 'new'} now (${file}:15). ${last}`,
		`{spoils: …} is called {modifies: …} now (${file}:11). ${last}`,
	]);
});
