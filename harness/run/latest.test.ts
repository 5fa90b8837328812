import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {HostError} from '../errors.ts';
import {findRun, listRuns} from '../record/find.ts';
import {pointLatestTo} from './latest.ts';

test('latest is the run that began last, and no run of its own', t => {
	const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-latest-'));
	for (const id of ['2026-11-22T22-40-00-aa', '2026-11-23T22-40-00-bb']) {
		fs.mkdirSync(path.join(runs, id));
		fs.writeFileSync(path.join(runs, id, 'run.jsonl'), id);
		pointLatestTo(id, runs);
		t.is(fs.readFileSync(path.join(runs, 'latest', 'run.jsonl'), 'utf8'), id);
	}

	t.deepEqual(listRuns(runs), ['2026-11-22T22-40-00-aa', '2026-11-23T22-40-00-bb']);
	t.is(findRun('latest', runs), path.join(runs, '2026-11-23T22-40-00-bb'));
	t.is(fs.readdirSync(runs).length, 3);
});

test('a folder of that name is not replaced, and the remedy says what to do', t => {
	const runs = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-latest-'));
	fs.mkdirSync(path.join(runs, 'latest', 'mine'), {recursive: true});
	const error = t.throws(() => pointLatestTo('2026-11-22T22-40-00-aa', runs), {instanceOf: HostError});
	t.regex(error?.remedy ?? '', /Remove .*latest/);
	t.deepEqual(fs.readdirSync(runs), ['latest']);
});
