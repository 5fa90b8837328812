/** Scenarios of a user's own folder, which lies deep in another package of his. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {type CellHandle, nodesOf} from '../../model/index.ts';
import {readResults} from '../../record/results.ts';

const outer = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-user-')));
const folder = path.join(outer, 'tests', 'swarm');
fs.mkdirSync(path.join(folder, 'scenarios'), {recursive: true});
fs.writeFileSync(path.join(outer, 'package.json'), '{"type": "module"}');
fs.writeFileSync(
	path.join(folder, 'scenarios', 'x.ts'),
	"import {scenario} from 'swarmlab';\n\nscenario('x holds', {}, async t => {\n\tt.pass();\n});\n",
);
process.env.SWARMLAB_WORKSPACE = folder;
// Only now: workspace.ts reads the environment when it is loaded.
const {runScenarios} = await import('./ava.ts');

test.after.always(() => fs.rmSync(outer, {recursive: true}));

test('are found and run, and their results name the file from that folder', async t => {
	const cell: CellHandle = {
		schema: 3,
		run: 'test-run',
		cell: {
			id: 'test-cell',
			provider: 'qemu',
			subject: 'swarm',
			nodes: nodesOf(
				{managers: 1, workers: 2, memory: 1024, cpus: 1},
				{
					kernel: {label: '6.1', release: '6.1.0', source: {type: 'directory', path: '/'}},
					engine: {label: '20.10', version: '20.10', source: {type: 'tarball', location: '', sha256: '', suite: ''}},
				},
			),
		},
		machines: [],
		subject: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
		folder: outer,
		origin: 'cold boot',
	};
	const results = path.join(outer, 'results.jsonl');
	const assignment = {results, filter: [], repetition: 1, fixtureFile: path.join(outer, 'fixture.json')};
	const cellFile = path.join(outer, 'cell.json');
	fs.writeFileSync(cellFile, JSON.stringify(cell));
	await runScenarios({cellFile, assignment, files: [path.join(folder, 'scenarios', 'x.ts')]});
	const said = fs.readFileSync(path.join(outer, 'ava.log'), 'utf8');
	t.like(readResults(results).results, [{file: 'scenarios/x.ts', title: 'x holds', verdict: 'passed'}], said);
});
