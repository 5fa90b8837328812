/** A run that is killed cannot end its scenarios' processes: they must end by themselves. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {type Assignment, type CellHandle, nodesOf} from '../../model/index.ts';
import {processesOf} from '../../processes/processes.ts';

test('a scenario that loops for ever ends when its run is killed', async t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-killed-'));
	const lease = `killed-${process.pid}`;
	const cell: CellHandle = {
		schema: 3,
		run: lease,
		cell: {
			id: 'test-cell',
			provider: 'qemu',
			subject: 'swarm',
			nodes: nodesOf(
				{managers: 1, workers: 2, memory: 1024, cpus: 1},
				{
					kernel: {label: '6.1', release: '', source: {type: 'directory', path: ''}},
					engine: {label: '', version: '', source: {type: 'tarball', location: '', sha256: '', suite: ''}},
				},
			),
		},
		machines: [],
		subject: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
		folder,
		origin: 'cold boot',
	};
	const at = (file: string) => path.join(folder, file);
	const assignment: Assignment = {
		results: at('results.jsonl'),
		fixtureFile: at('fixture.json'),
		filter: [],
		repetition: 1,
	};
	const cellFile = path.join(folder, 'cell.json');
	fs.writeFileSync(cellFile, JSON.stringify(cell));
	const run = {
		cellFile,
		assignment,
		files: [path.join(import.meta.dirname, 'fixtures', 'endless-loop.ts')],
		silenceLimitSeconds: 3600,
	};
	const script = path.join(folder, 'run.ts');
	fs.writeFileSync(
		script,
		[
			`import {runScenarios} from ${JSON.stringify(path.join(import.meta.dirname, 'ava.ts'))};`,
			`await runScenarios({...${JSON.stringify(run)}, onStarted: ({title}) => console.log(title)});`,
		].join('\n'),
	);
	const child = spawn(process.execPath, [script], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: {...process.env, SWARMLAB_LEASE: lease},
	});
	const [title] = (await once(createInterface({input: child.stdout}), 'line')) as [string];
	t.is(title, 'loops for ever');
	// AVA, and the process of the file.
	t.true(processesOf(lease).length >= 3);
	child.kill('SIGKILL');
	await once(child, 'exit');
	while (processesOf(lease).length > 0) {
		await delay(50);
	}

	fs.rmSync(folder, {recursive: true, force: true});
});
