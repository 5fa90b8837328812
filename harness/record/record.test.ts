import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {asLines, sampleRun} from './fixtures/sample-run.ts';
import {openRecord, parseRecord, readRecord, recordFile} from './record.ts';
import {summarise} from './summary/summarise.ts';

function folder(): string {
	return fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-record-'));
}

test('what was appended is read back, with the time of writing', t => {
	const record = openRecord(folder(), () => new Date('2026-11-22T22:40:00Z'));
	record.append({event: 'notice', level: 'info', message: 'two\nlines, a lone \uD800 and a NUL \0'});
	record.append({event: 'run-finished', seconds: 1});
	const read = readRecord(path.dirname(record.file));
	t.deepEqual(read, {
		events: [
			{
				at: '2026-11-22T22:40:00.000Z',
				event: 'notice',
				level: 'info',
				message: 'two\nlines, a lone \uD800 and a NUL \0',
			},
			{at: '2026-11-22T22:40:00.000Z', event: 'run-finished', seconds: 1},
		],
		problems: [],
	});
	t.deepEqual(record.events, read.events);
});

test('a record that is cut off anywhere gives a prefix of its events, says so, and can be summarised', t => {
	const events = sampleRun();
	const bytes = Buffer.from(asLines(events));
	// A prime step reaches every kind of place in the lines without taking each of 40,000 of them.
	for (let length = 0; length < bytes.length; length += 37) {
		const read = parseRecord(bytes.subarray(0, length).toString());
		t.deepEqual(read.events, events.slice(0, read.events.length), `cut at ${length}`);
		const cutInside = length > 0 && bytes[length - 1] !== 0x0a && bytes[length] !== 0x0a;
		t.is(read.problems.length, cutInside ? 1 : 0, `cut at ${length}`);
		const {state, cells} = summarise(read.events, read.problems);
		t.is(state, 'unfinished');
		t.true(cells.every(each => each.cases.length === 9));
	}
});

test('a writer that follows a killed one costs the torn line only', t => {
	const run = folder();
	const first = openRecord(run);
	first.append({event: 'notice', level: 'info', message: 'before'});
	fs.appendFileSync(recordFile(run), '{"at":"2026-11-22T22:40:00.000Z","event":"noti');
	openRecord(run).append({event: 'notice', level: 'info', message: 'after'});
	const read = readRecord(run);
	t.deepEqual(
		read.events.map(each => each.event === 'notice' && each.message),
		['before', 'after'],
	);
	t.deepEqual(read.problems, ['Line 2 is damaged and was left out.']);
});

test('lines that are JSON but no events are left out, and reported with what they lack', t => {
	t.deepEqual(parseRecord('12\nnull\n{"event":"notice"}\n'), {
		events: [],
		problems: [
			'Line 1 is damaged and was left out: it is not an object.',
			'Line 2 is damaged and was left out: it is not an object.',
			'Line 3 is damaged and was left out: at is missing, level is missing, message is missing.',
		],
	});
});

test('a record that cannot be written says where and what to do', t => {
	const record = openRecord('/nowhere/at/all');
	const error = t.throws(() => record.append({event: 'run-finished', seconds: 1}));
	t.regex(error?.message ?? '', /^Cannot append to \/nowhere\/at\/all\/run\.jsonl: ENOENT/);
	t.is(record.events.length, 1);
});

test('a full disk is reported, not swallowed', t => {
	const run = folder();
	fs.symlinkSync('/dev/full', recordFile(run));
	const error = t.throws(() => openRecord(run).append({event: 'run-finished', seconds: 1}));
	t.regex(error?.message ?? '', /ENOSPC/);
});
