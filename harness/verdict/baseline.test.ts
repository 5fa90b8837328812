/** Which run becomes the baseline. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {cellWith, type Written, writeRun} from '../history/fixtures/write-run.ts';
import {recordFile} from '../record/record.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-baseline-'));
process.env.SWARMLAB_CACHE = path.join(root, 'cache');
const {findBaseline, pastBeside} = await import('./baseline.ts');
test.after.always(() => fs.rmSync(root, {recursive: true, force: true}));

const about = {
	claims: new Set(['scenarios/a.ts\na', 'scenarios/a.ts\nb']),
	providers: ['container'],
	startedAt: '2026-11-27T00:00:00.000Z',
};

let count = 0;
function runsOf(...all: (Omit<Written, 'run'> & {day: number})[]): string {
	count += 1;
	const runs = path.join(root, `runs-${count}`);
	for (const {day, ...rest} of all) {
		writeRun(runs, {run: `2026-11-${day}T02-00-00-aa`, ...rest});
	}

	return runs;
}

const both = {a: ['passed'], b: ['passed']} satisfies Written['results'];
const chosen = (runs: string, more = {}) => findBaseline('last-good', {...about, ...more}, runs).run?.run.slice(8, 10);

test('last-good is the newest run that ended well and proved the claims', t => {
	const runs = runsOf(
		{day: 20, results: both},
		{day: 21, results: both},
		{day: 22, results: {a: ['failed'], b: ['passed']}},
		{day: 23, results: both, unfinished: true},
		{day: 24, results: {a: ['passed']}},
		{day: 25, results: both, cells: [cellWith('28.5.2', '6.1.180', {provider: 'qemu'})]},
	);
	t.is(chosen(runs), '21');
	t.is(chosen(runs, {claims: new Set(['scenarios/a.ts\na'])}), '24');
	t.is(chosen(runs, {run: '2026-11-21T02-00-00-aa'}), '20');
});

test('a run that is later by its clock is left out, with a notice', t => {
	const runs = runsOf({day: 20, results: both}, {day: 28, results: both});
	const {run, notices} = findBaseline('last-good', about, runs);
	t.is(run?.run, '2026-11-20T02-00-00-aa');
	t.deepEqual(notices, ['The run 2026-11-28T02-00-00-aa is left out: by its clock it began after this one.']);
});

test('without a good run there is none, and a notice', t => {
	for (const runs of [runsOf({day: 20, results: {a: ['failed']}}), path.join(root, 'nowhere')]) {
		const {run, notices} = findBaseline('last-good', about, runs);
		t.is(run, undefined);
		t.regex(notices.join(), /There is no good run yet/);
	}
});

test('a run is named by its id, or by the file of its record under any name', t => {
	const runs = runsOf({day: 20, results: {a: ['failed']}});
	t.is(findBaseline('2026-11-20', about, runs).run?.run, '2026-11-20T02-00-00-aa');
	const file = path.join(root, 'yesterday.jsonl');
	fs.copyFileSync(recordFile(path.join(runs, '2026-11-20T02-00-00-aa')), file);
	t.is(findBaseline(file, about, runs).run?.run, '2026-11-20T02-00-00-aa');
	t.throws(() => findBaseline('2026-10', about, runs), {name: 'UsageError'});
	fs.writeFileSync(file, 'no record\n');
	t.throws(() => findBaseline(file, about, runs), {name: 'UsageError', message: /nothing of the run .* can be read/});
});

test('a baseline that is half deleted is used as far as it goes, with a notice', t => {
	const runs = runsOf({day: 20, results: both});
	const file = recordFile(path.join(runs, '2026-11-20T02-00-00-aa'));
	fs.truncateSync(file, fs.statSync(file).size - 30);
	const {run, notices} = findBaseline('2026-11-20', about, runs);
	t.is(run?.state, 'unfinished');
	t.regex(notices.join(), /record of the baseline is damaged: Line \d+ is cut off/);
});

test('tries beside the two runs are those before the baseline and after it, on this host', t => {
	const seconds = (...all: number[]): Written['results'] => ({a: all.map(each => ({seconds: each}))});
	const [old, next] = [[cellWith('28.5.1')], [cellWith('28.5.2')]];
	const runs = runsOf(
		{day: 18, results: seconds(99), cells: old, hostname: 'elsewhere'},
		{day: 19, results: seconds(1, 2), cells: old},
		{day: 20, results: seconds(3), cells: old},
		{day: 21, results: seconds(4), cells: next},
		{day: 22, results: seconds(5), cells: next},
		{day: 23, results: seconds(6), cells: next},
	);
	const of = (day: number) => findBaseline(`2026-11-${day}`, about, runs).run!;
	const {samples, verdicts} = pastBeside(of(20), of(22), runs);
	const found = samples('scenarios/a.ts\na', {before: old[0]!.id, now: next[0]!.id});
	t.deepEqual(
		[found.before, found.now].map(all => all.map(each => each.seconds)),
		[[1, 2], [4]],
	);
	t.deepEqual(verdicts('scenarios/a.ts\na', next[0]!.id), [false]);
});
