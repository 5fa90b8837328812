/** Runs from elsewhere: what is taken in, and what is refused. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {readRecord, recordFile} from '../record/record.ts';
import {writeRun} from './fixtures/write-run.ts';
import {importRuns} from './import-run.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-import-'));
test.after.always(() => fs.rmSync(root, {recursive: true, force: true}));

const run = '2026-11-20T02-00-00-aa';

function placesOf(name: string) {
	const [here, there] = [path.join(root, name, 'here'), path.join(root, name, 'there')];
	return {here, there, folder: writeRun(there, {run, results: {one: ['passed']}})};
}

test('a run is taken in under its id, whatever its folder is called, and only once', t => {
	const {here, there, folder} = placesOf('once');
	const renamed = path.join(there, 'artifacts of job 12');
	fs.renameSync(folder, renamed);
	t.deepEqual(importRuns(renamed, here), [{run, folder: path.join(here, run), known: false}]);
	t.deepEqual(readRecord(path.join(here, run)), readRecord(renamed));
	t.deepEqual(importRuns(recordFile(renamed), here), [{run, folder: path.join(here, run), known: true}]);
});

test('a folder of runs is taken in as a whole', t => {
	const {here, there} = placesOf('several');
	writeRun(there, {run: '2026-11-21T02-00-00-bb', results: {one: ['passed']}});
	fs.mkdirSync(path.join(there, 'something-else'));
	t.is(importRuns(there, here).length, 2);
});

test('another record under the same id is refused, and nothing is overwritten', t => {
	const {here, folder} = placesOf('other');
	writeRun(here, {run, results: {one: ['failed']}});
	const before = fs.readFileSync(recordFile(path.join(here, run)));
	t.like(
		t.throws(() => importRuns(folder, here)),
		{name: 'UsageError'},
	);
	t.deepEqual(fs.readFileSync(recordFile(path.join(here, run))), before);
});

for (const id of ['../../outside', '/tmp/x', '', '.', '..', 'latest', 'a/b', 'a\u0000b']) {
	test(`a run with the id ${JSON.stringify(id)} is refused`, t => {
		const {here, folder} = placesOf(`id-${Buffer.from(id).toString('hex')}`);
		const text = fs.readFileSync(recordFile(folder), 'utf8');
		fs.writeFileSync(recordFile(folder), text.replace(JSON.stringify(run), JSON.stringify(id)));
		t.like(
			t.throws(() => importRuns(folder, here)),
			{name: 'UsageError'},
		);
		t.false(fs.existsSync(here));
	});
}

test('a folder that is not there, and one without runs, are refused', t => {
	t.regex(t.throws(() => importRuns(path.join(root, 'nowhere'), root)).message, /is not there/);
	const empty = fs.mkdtempSync(path.join(root, 'empty-'));
	t.regex(t.throws(() => importRuns(empty, root)).message, /has no run\.jsonl/);
});
