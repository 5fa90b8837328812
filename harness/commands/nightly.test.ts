/** `--baseline` of run and report: from recorded runs, without machines. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {cellWith, type Written, writeRun} from '../history/fixtures/write-run.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-nightly-'));
const runs = path.join(root, 'runs');
process.env.SWARMLAB_CACHE = path.join(root, 'cache');
process.env.SWARMLAB_RUNS = runs;
const {failOnOf, prepareNightly, withVerdict} = await import('./nightly.ts');
const {readRecord} = await import('../record/record.ts');
const {rewriteReports} = await import('../../reports/again.ts');
test.after.always(() => fs.rmSync(root, {recursive: true, force: true}));

const file = 'scenarios/a.ts';
const [old, now] = [cellWith('28.5.1'), cellWith('28.5.2')];
const write = (day: number, cell = old, results: Written['results'] = {a: ['passed'], b: ['passed']}, more = {}) =>
	writeRun(runs, {run: `2026-11-${day}T02-00-00-aa`, cells: [cell], results, ...more});
write(20);
write(21);
const red = write(22, now, {a: ['failed'], b: ['passed']});

test('two recorded runs are compared without running: the reports begin with it, and the record stays as it was', t => {
	const before = fs.readFileSync(path.join(red, 'run.jsonl'));
	const {summary} = rewriteReports(red, events => withVerdict(events, {baseline: 'last-good'}));
	t.is(summary.nightly?.baseline?.run, '2026-11-21T02-00-00-aa');
	t.deepEqual(
		summary.nightly?.changes.map(({change, title}) => [change, title]),
		[['new', 'a']],
	);
	t.regex(fs.readFileSync(path.join(red, 'summary.md'), 'utf8'), /1 new since the run 2026-11-21T02-00-00-aa/);
	t.deepEqual(fs.readFileSync(path.join(red, 'run.jsonl')), before);
	t.is(rewriteReports(red).summary.nightly, undefined);
});

test('a run is not its own baseline, and what was red may be one by its name', t => {
	const good = path.join(runs, '2026-11-21T02-00-00-aa');
	const of = (baseline: string) => rewriteReports(good, events => withVerdict(events, {baseline})).summary.nightly!;
	t.is(of('last-good').baseline?.run, '2026-11-20T02-00-00-aa');
	t.deepEqual(
		of('2026-11-22').changes.map(({change}) => change),
		['fixed'],
	);
});

test('a run that did not end is not taken for one that did', t => {
	const folder = write(24, now, {a: ['passed'], b: []}, {unfinished: true});
	const {summary} = rewriteReports(folder, events => withVerdict(events, {baseline: '2026-11-21'}));
	t.is(summary.state, 'unfinished');
	t.deepEqual(
		summary.nightly!.changes.map(({change, title}) => [change, title]),
		[
			['broken', 'provision'],
			['broken', 'b'],
		],
	);
});

test('a record without a line has no verdict', t => {
	t.deepEqual([...withVerdict([], {baseline: 'last-good'})], []);
});

test('a run with a baseline proves again what is new, and is judged as one that has ended', t => {
	const claims = ['a', 'b'].map(title => ({file, title}));
	const {notices, options} = prepareNightly({baseline: 'last-good'}, [now], claims)!;
	t.deepEqual(notices, ['the baseline is the run 2026-11-21T02-00-00-aa of 2026-11-21T02:00:00.000Z']);
	const events = readRecord(red).events.filter(({event}) => event !== 'run-finished');
	t.deepEqual(
		options.again!.of(now, events).map(({title}) => title),
		['a'],
	);
	t.deepEqual(options.again!.of(old, events), []);
	const verdict = options.judge!(events);
	t.deepEqual(
		verdict.changes.map(({change}) => change),
		['new'],
	);
	t.deepEqual(verdict.failOn, ['new', 'broken']);
	t.is(prepareNightly({}, [now], claims), undefined);
});

test('what is red is chosen only with a baseline, and only by its words', t => {
	t.throws(() => failOnOf({failOn: ['new']}), {name: 'UsageError', message: /none is given/});
	t.throws(() => failOnOf({baseline: 'last-good', failOn: ['newly']}), {
		name: 'UsageError',
		message: /'newly' is no change/,
	});
	t.deepEqual(failOnOf({baseline: 'last-good', failOn: ['still-failing', 'slower']}), ['still failing', 'slower']);
});
