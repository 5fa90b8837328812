/** A claim that did not pass waits for an answer, and goes on as the answer says: proven by AVA, on a cell without machines. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import pLimit from 'p-limit';
import type {Assignment, CellHandle, DebugAnswer} from '../../model/index.ts';
import {readResults} from '../../record/results.ts';
import {answerStop, type DebugStop} from '../debug.ts';
import {cellOf} from '../fixtures/in-memory.ts';
import {runScenarios} from './ava.ts';
import {readProgress} from './progress.ts';

test('it is proven again, keeps its verdict, or ends with its run', async t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-debug-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	const handle: CellHandle = {
		...{schema: 3, run: path.basename(folder), cell: cellOf('test-cell'), machines: [], folder, origin: 'cold boot'},
		subject: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
	};
	const assignment: Assignment = {
		...{results: path.join(folder, 'results.jsonl'), fixtureFile: path.join(folder, 'fixture.json'), filter: []},
		...{repetition: 1, debug: true},
	};
	const cellFile = path.join(folder, 'cell.json');
	fs.writeFileSync(cellFile, JSON.stringify(handle));
	const answers: DebugAnswer[] = ['retry', 'retry', 'go on'];
	const asked: DebugStop[] = [];
	const context = {
		debug: async (stop: DebugStop) => {
			asked.push(stop);
			return answers.shift()!;
		},
		...{stops: pLimit(1), signal: new AbortController().signal, end() {}},
	};
	const files = [path.join(import.meta.dirname, 'fixtures/debugged.ts')];
	await runScenarios({cellFile, assignment, files, onPaused: async paused => answerStop(context, handle, paused)});

	t.deepEqual(
		asked.map(({scenario: {title}, verdict, reason}) => [title, verdict, reason?.message]),
		[
			['it holds at the second try', 'failed', 't.is() did not hold: actual: 1; expected: 2'],
			['it never holds', 'failed', 't.is() did not hold: actual: 1; expected: 2'],
			['it never holds', 'failed', 't.is() did not hold: actual: 1; expected: 2'],
		],
	);
	const {results} = readResults(assignment.results);
	t.deepEqual(
		results.map(({title, verdict}) => [title, verdict]),
		[
			['it holds at the second try', 'passed'],
			['it never holds', 'failed'],
			['it holds', 'passed'],
		],
	);
	const said = 'it was tried again at the prompt: it was failed: t.is() did not hold: actual: 1; expected: 2';
	t.deepEqual(
		results.map(({log}) => log.filter(line => line.startsWith('it was tried again'))),
		[[said], [said], []],
	);
	t.false(fs.existsSync(path.join(folder, 'answer.json')), 'an answer is for one stop');
	t.is(readProgress({cell: handle, assignment}).filter(({progress}) => progress === 'resumed').length, 3);
});
