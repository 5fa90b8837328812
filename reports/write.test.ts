import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {PassThrough} from 'node:stream';
import test from 'ava';
import {HarnessError} from '../harness/errors.ts';
import {findRun} from '../harness/record/find.ts';
import {asLines, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {recordFile} from '../harness/record/record.ts';
import {rewriteReports} from './again.ts';
import {all, parse} from './fixtures/read-junit.ts';
import {createReporter} from './live.ts';
import {writeWhole} from './whole-file.ts';
import {writeReports} from './write.ts';

const events = sampleRun();

function folder(): string {
	return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-reports-')));
}

test('all reports are written, and nothing else', t => {
	const run = folder();
	const {files, summary} = writeReports(run, events);
	t.deepEqual(
		files.map(each => path.relative(run, each)),
		[
			'junit.xml',
			...summary.cells.map(each => `junit/TEST-${each.cell.id.replaceAll('.', '_')}.xml`),
			'summary.md',
			'index.html',
			'summary.json',
		],
	);
	t.deepEqual(
		fs.readdirSync(run, {recursive: true, withFileTypes: true}).filter(each => each.isFile()).length,
		files.length,
	);
	const forPrograms = JSON.parse(fs.readFileSync(path.join(run, 'summary.json'), 'utf8'));
	t.deepEqual(forPrograms.counts, summary.counts);
	t.deepEqual(Object.keys(forPrograms.host), [
		'hostname',
		'os',
		'kernel',
		'cpus',
		'memory',
		'qemu',
		'accelerator',
		'acceleratorReason',
		'swarmlab',
	]);
});

test('evidence is found from the workspace of the CI, or from anywhere', t => {
	const run = folder();
	const attachment = () =>
		all(parse(fs.readFileSync(path.join(run, 'junit.xml'), 'utf8')), 'system-out').flatMap(
			each => /\[\[ATTACHMENT\|(.*)\]\]/.exec(each.text)?.[1] ?? [],
		)[0];
	writeReports(run, events, {workspace: path.dirname(run)});
	t.is(attachment(), `${path.basename(run)}/cells/b/evidence/vip/ipvsadm-w1.txt`);
	writeReports(run, events, {workspace: '/nowhere'});
	t.is(attachment(), `${run}/cells/b/evidence/vip/ipvsadm-w1.txt`);
	writeReports(run, events, {workspace: run});
	t.is(attachment(), 'cells/b/evidence/vip/ipvsadm-w1.txt');
});

test('reports of a folder that cannot be written say where and what to do', t => {
	// Not /proc/nowhere: Node's recursive mkdir never returns there.
	const error = t.throws(() => writeReports('/dev/null/nowhere', events));
	t.regex(error?.message ?? '', /^Cannot write the report \/dev\/null\/nowhere\/junit\.xml: /);
});

test('reports are made again from the record, byte by byte the same', t => {
	const run = folder();
	fs.writeFileSync(recordFile(run), asLines(events));
	const before = writeReports(run, events).files.map(each => fs.readFileSync(each, 'utf8'));
	const again = rewriteReports(run);
	t.deepEqual(
		again.files.map(each => fs.readFileSync(each, 'utf8')),
		before,
	);

	fs.appendFileSync(recordFile(run), '{"at":');
	t.regex(fs.readFileSync(rewriteReports(run).files[0] ?? '', 'utf8'), /tests="54"/);
	t.regex(fs.readFileSync(path.join(run, 'summary.md'), 'utf8'), /Record: Line \d+ is cut off/);
});

test('a run is found by folder, id, beginning or latest; a wrong name gets the nearest', t => {
	const runs = folder();
	for (const id of ['2026-11-21T10-00-00-aa', '2026-11-22T22-40-00-bb', '2026-11-22T23-40-00-cc']) {
		fs.mkdirSync(path.join(runs, id));
		fs.writeFileSync(recordFile(path.join(runs, id)), '');
	}

	fs.mkdirSync(path.join(runs, 'zz-no-record'));
	const found = (name: string) => path.basename(findRun(name, runs));
	t.is(found('latest'), '2026-11-22T23-40-00-cc');
	t.is(found('2026-11-21'), '2026-11-21T10-00-00-aa');
	t.is(found('2026-11-22T22-40-00-bb'), '2026-11-22T22-40-00-bb');
	t.is(findRun(path.join(runs, '2026-11-21T10-00-00-aa')), path.join(runs, '2026-11-21T10-00-00-aa'));
	t.throws(() => findRun('', runs), {message: /'' is no run/});
	t.throws(() => findRun(path.join(runs, 'zz-no-record'), runs), {message: /zz-no-record has no run\.jsonl/});
	t.throws(() => findRun(os.tmpdir(), path.join(runs, 'none')), {message: /has no run\.jsonl/});
	t.like(
		t.throws(() => found('2026-11-22')),
		{
			name: 'UsageError',
			message: '2 runs begin with "2026-11-22"',
			remedy: 'Did you mean 2026-11-22T22-40-00-bb, 2026-11-22T23-40-00-cc?',
		},
	);
	t.like(
		t.throws(() => found('2026-11-22T22-40-00-bx')),
		{name: 'UsageError', remedy: 'Did you mean 2026-11-22T22-40-00-bb?'},
	);
});

test('the reporter writes plain lines where there is no terminal, and its end prints the paths', t => {
	const stream = new PassThrough();
	const reporter = createReporter({stream, folder: '/runs/sample'});
	for (const event of events) {
		reporter.onEvent(event);
	}

	reporter.end();
	reporter.end();
	const text = stream.read().toString();
	t.false(text.includes('\u001B'));
	t.regex(text, /JUnit {4}\/runs\/sample\/junit\.xml\n/);
	t.is(text.match(/JUnit/g)?.length, 1);
	t.is(text.match(/ {2}✗ failed /g)?.length, 3);
});

test('a reporter that cannot show anything does not break the run', t => {
	const stream = new PassThrough();
	stream.write = () => {
		throw new Error('gone');
	};
	for (const mode of ['live', 'plain'] as const) {
		const reporter = createReporter({stream, folder: '/runs/sample', mode});
		t.notThrows(() => {
			for (const event of [...events, {event: 'nonsense'} as never, undefined as never]) {
				reporter.onEvent(event);
			}

			reporter.end();
		});
	}

	t.notThrows(() => stream.emit('error', new Error('EPIPE')));
});

test('a file has its pieces whole and in order, however long they are', t => {
	const file = path.join(folder(), 'pieces.txt');
	const pieces = [
		'a',
		'é'.repeat(50_000),
		'🐳'.repeat(40_000),
		'',
		'b',
		'x'.repeat(1_000_000),
		...Array(70_000).fill('€!'),
	];
	const bytes = writeWhole(file, whole => {
		for (const piece of pieces) {
			whole.write(piece);
		}

		return whole.done();
	});
	t.true(fs.readFileSync(file, 'utf8') === pieces.join(''));
	t.is(fs.statSync(file).size, bytes);
	t.deepEqual(fs.readdirSync(path.dirname(file)), ['pieces.txt']);
});

test('a report that cannot be written says why, and how its own run is reported again', t => {
	const run = folder();
	// A file where a folder is wanted cannot be written to by root either.
	fs.writeFileSync(path.join(run, 'junit'), '');
	const error = t.throws<HarnessError>(() => writeReports(run, events), {instanceOf: HarnessError});
	t.regex(error.remedy!, /a file is where a folder is wanted/);
	t.true(error.remedy!.endsWith(`swarmlab report ${run}`));
	t.notRegex(error.remedy!, /room/);
});
