import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {CellOutcome, Result, Verdict} from '../model/index.ts';
import {sampleRun} from '../record/fixtures/sample-run.ts';
import {type NewEvent, openRecord, recordFile} from '../record/record.ts';
import {pastSeconds, secondsIn, secondsTogether} from './durations.ts';

const tested: CellOutcome = {state: 'tested'};
const broken: CellOutcome = {state: 'broken', reason: {message: 'no', type: 'Error', details: ''}};

const cell = (id: string, seconds: number, outcome: CellOutcome = tested): NewEvent => ({
	event: 'cell-finished',
	cell: id,
	outcome,
	seconds,
});

const unsaid: Omit<Result, 'title' | 'seconds' | 'verdict'> = {
	cell: 'a',
	file: 'scenarios/a.ts',
	repetition: 1,
	startedAt: '2026-11-20T10:00:00.000Z',
	metrics: {},
	evidence: [],
	log: [],
};

const result = (title: string, seconds: number, verdict: Verdict = 'passed', file = unsaid.file): NewEvent => ({
	event: 'result',
	result: {...unsaid, file, title, seconds, verdict},
});

const claim = (title: string, file = unsaid.file) => ({file, title});

function makeRuns(...runs: NewEvent[][]): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-past-'));
	for (const [index, events] of runs.entries()) {
		const run = path.join(folder, `2026-11-2${index}T10-00-00-ab`);
		fs.mkdirSync(run);
		const record = openRecord(run);
		for (const event of events) {
			record.append(event);
		}
	}

	return folder;
}

test('the newest run that proved it says how long it took', t => {
	const folder = makeRuns(
		[cell('a', 100), cell('b', 90), result('one holds', 5)],
		[cell('a', 60), result('one holds', 3), result('one holds', 4), result('another holds', 2)],
		[cell('a', 1, broken), result('one holds', 0, 'skipped')],
	);
	const past = pastSeconds({folder});
	t.deepEqual(past.cells, {a: 60, b: 90});
	t.is(Object.keys(past.scenarios).length, 2);
	t.is(secondsTogether([claim('one holds')], past), 4);
	t.is(secondsTogether([claim('another holds')], past), 2);
	t.deepEqual(pastSeconds({folder, runs: 2}).cells, {a: 60});
});

test('what cannot be read is left out', t => {
	const folder = makeRuns([cell('a', 100)], [cell('b', 50)]);
	fs.appendFileSync(recordFile(path.join(folder, '2026-11-20T10-00-00-ab')), '{"at":"2026-11-2');
	const torn = path.join(folder, '2026-11-23T10-00-00-ab');
	fs.mkdirSync(recordFile(torn), {recursive: true});
	t.deepEqual(pastSeconds({folder}).cells, {a: 100, b: 50});
	t.deepEqual(pastSeconds({folder: path.join(folder, 'nowhere')}), {cells: {}, scenarios: {}});
	t.deepEqual(pastSeconds({folder: recordFile(path.join(folder, '2026-11-20T10-00-00-ab'))}), {
		cells: {},
		scenarios: {},
	});
});

test('a whole run gives seconds for every cell that was tested and every scenario', t => {
	const {cells, scenarios} = secondsIn(sampleRun());
	t.true(Object.keys(cells).length > 0 && Object.keys(scenarios).length > 0);
	t.true([...Object.values(cells), ...Object.values(scenarios)].every(seconds => seconds >= 0));
});

test('what scenarios took together is known when it is known of each', t => {
	const past = pastSeconds({folder: makeRuns([result('quick', 2), result('slow', 40)])});
	t.is(secondsTogether([claim('quick'), claim('slow')], past), 42);
	t.is(secondsTogether([], past), 0);
	t.is(secondsTogether([claim('quick'), claim('new')], past), undefined);
});

test('the same title in two files took its own time in each', t => {
	const past = pastSeconds({
		folder: makeRuns([result('alike', 50), result('alike', 2, 'passed', 'scenarios/b.ts')], [result('alike', 40)]),
	});
	t.is(secondsTogether([claim('alike')], past), 40);
	t.is(secondsTogether([claim('alike', 'scenarios/b.ts')], past), 2);
	t.is(secondsTogether([claim('alike', 'scenarios/c.ts')], past), undefined);
});
