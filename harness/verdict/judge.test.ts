/** Every change of a result, by records as a run writes them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {codeOfChanges} from '../expect/fail-on.ts';
import {cellWith, type Written, writeRun} from '../history/fixtures/write-run.ts';
import {pastRun} from '../history/past-run.ts';
import type {Change} from '../model/index.ts';
import {readRecord} from '../record/record.ts';
import {type JudgeOptions, judge, noPast} from './judge.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-judge-'));
test.after.always(() => fs.rmSync(root, {recursive: true, force: true}));

let day = 1;
function run(results: Written['results'], more: Partial<Written> = {}) {
	day += 1;
	const {events, problems} = readRecord(
		writeRun(root, {
			run: `2026-01-01T00-${String(Math.floor(day / 60)).padStart(2, '0')}-${String(day % 60).padStart(2, '0')}-aa`,
			results,
			...more,
		}),
	);
	return pastRun(events, problems);
}

const options: JudgeOptions = {asked: 'last-good', failOn: ['new', 'broken']};
const changes = (now: ReturnType<typeof run>, before?: ReturnType<typeof run>, more: Partial<JudgeOptions> = {}) =>
	judge(now, before, {...options, ...more}).changes.map(({change, title}) => `${change}: ${title}`);

test('nothing is said of what is as it was', t => {
	const same = {a: ['passed'], b: ['skipped']} satisfies Written['results'];
	const verdict = judge(run(same), run(same), options);
	t.deepEqual(verdict.changes, []);
	t.deepEqual([verdict.versions, verdict.notices], [[], []]);
	t.is(codeOfChanges(verdict), 0);
});

const cases: [name: string, before: Written['results'], now: Written['results'], expected: string[]][] = [
	['a failure where there was a pass is new', {a: ['passed']}, {a: ['failed']}, ['new: a']],
	['a failure where it could not be told is new', {a: ['broken']}, {a: ['failed']}, ['new: a']],
	['a failure where it was skipped is new', {a: ['skipped']}, {a: ['failed']}, ['new: a']],
	[
		'a failure of a claim that the baseline does not have is new',
		{b: ['passed']},
		{b: ['passed'], a: ['failed']},
		['new: a'],
	],
	['a failure that was there is still failing', {a: ['failed']}, {a: ['failed']}, ['still failing: a']],
	['a pass where there was a failure is fixed', {a: ['failed']}, {a: ['passed']}, ['fixed: a']],
	['a pass where it could not be told is nothing', {a: ['broken']}, {a: ['passed']}, []],
	['tries that disagree are flaky', {a: ['passed']}, {a: ['failed', 'passed', 'failed']}, ['flaky: a']],
	[
		'tries that nearly all fail are new',
		{a: ['passed']},
		{a: ['passed', ...Array<'failed'>(9).fill('failed')]},
		['new: a'],
	],
	['tries that agree are new', {a: ['passed']}, {a: ['failed', 'failed', 'failed']}, ['new: a']],
	['tries of the lab are not counted', {a: ['passed']}, {a: ['failed', 'broken', 'failed']}, ['new: a']],
	['what could not be told is broken', {a: ['passed']}, {a: ['broken']}, ['broken: a']],
	['a claim that is skipped now is newly skipped', {a: ['passed']}, {a: ['skipped']}, ['newly skipped: a']],
	['a claim that is gone is newly missing', {a: ['passed'], b: ['passed']}, {a: ['passed']}, ['newly missing: b']],
	['a claim that was skipped and is gone is not missed', {a: ['passed'], b: ['skipped']}, {a: ['passed']}, []],
];

for (const [name, before, now, expected] of cases) {
	test(name, t => {
		t.deepEqual(changes(run(now), run(before)), expected);
	});
}

test('a known failure is known, with report and day; from that day on it fails still', t => {
	const issue = 'moby/moby#40989';
	const reproductions = {
		a: {issue, expected: [{fails: '*', because: 'x'}], until: '2027-01-01', managers: 1, workers: 0},
	};
	const known = run({a: ['failed']}, {reproductions});
	const [change] = judge(known, run({a: ['passed']}), options).changes;
	t.like(change, {change: 'known', issue, until: '2027-01-01', says: 'moby/moby#40989, until 2027-01-01'});
	const overdue = run({a: ['failed']}, {reproductions, startedAt: '2027-01-01T00:00:00.000Z'});
	t.deepEqual(changes(overdue, known), ['still failing: a']);
	t.deepEqual(changes(run({a: ['passed']}), known), ['fixed: a']);
});

test('a rate is given with its interval', t => {
	const [change] = judge(
		run({a: ['failed', 'passed', 'passed']}),
		run({a: ['passed', 'passed', 'passed']}),
		options,
	).changes;
	t.like(change, {failed: 1, decided: 3});
	t.is(change!.says, 'failed 1 of 3 (6–79 %); in the baseline it passed (failed 0 of 3 (0–56 %))');
	const [other] = judge(run({a: ['failed', 'failed', 'broken', 'failed']}), run({a: ['passed']}), options).changes;
	t.regex(other!.says, /^failed 3 of 3 \(44–100 %\), and 1 more decided nothing: (?!.*repetitions)/);
});

test('one failure of a claim that flipped on the same versions is flaky; three on fresh machines are new', t => {
	const past = {...noPast, verdicts: () => [false, true, false, false]};
	const [change] = judge(run({a: ['failed']}), run({a: ['passed']}), {...options, past}).changes;
	t.like(change, {change: 'flaky', failed: 2, decided: 5});
	t.regex(change!.says, /failed in 2 of 5 runs on the same versions, with 3 flips/);
	t.deepEqual(changes(run({a: ['failed', 'failed', 'failed']}), run({a: ['passed']}), {past}), ['new: a']);
	t.deepEqual(changes(run({a: ['failed']}), run({a: ['passed']}), {past: {...noPast, verdicts: () => [true, false]}}), [
		'new: a',
	]);
});

test('slower is said over the tries of the history, and not without them', t => {
	const now = run({a: [{seconds: 9}]});
	const before = run({a: [{seconds: 2}]});
	t.deepEqual(changes(now, before), []);
	const tries = (seconds: number) =>
		Array.from({length: 4}, (_, index) => ({verdict: 'passed' as const, seconds: seconds + index / 10, metrics: {}}));
	const past = {
		...noPast,
		samples: (id: string) => (id.endsWith('\na') ? {before: tries(2), now: tries(8)} : {before: [], now: []}),
	};
	const [change] = judge(now, before, {...options, past}).changes;
	t.like(change, {change: 'slower', title: 'a'});
	t.regex(change!.says, /^median 8\.20 s over 5 tries, before 2\.10 s over 5 \(p = 0\.0040\)$/);
});

test('the engine that changed is named, and its cell is compared with the one before', t => {
	const verdict = judge(
		run({a: ['failed']}, {cells: [cellWith('20.10.5')]}),
		run({a: ['passed']}, {cells: [cellWith('28.5.2')]}),
		options,
	);
	t.is(verdict.changes[0]!.change, 'new');
	t.deepEqual(verdict.versions, [{cell: cellWith('20.10.5').id, axis: 'engine', before: '28.5.2', now: '20.10.5'}]);
	t.is(codeOfChanges(verdict), 1);
});

test('a cell that is gone is one line, and one that is new is a notice', t => {
	const two = [cellWith('28.5.2'), cellWith('20.10.5', '6.1.180', {workers: 2})];
	const gone = judge(run({a: ['passed']}), run({a: ['passed']}, {cells: two}), options);
	t.like(gone.changes[0], {change: 'newly missing', cell: two[1]!.id, title: 'the whole cell'});
	t.is(gone.changes.length, 1);
	const added = judge(run({a: ['failed']}, {cells: two}), run({a: ['passed']}), options);
	t.deepEqual(
		added.changes.map(({change, cell}) => [change, cell]),
		two.map(({id}) => ['new', id]),
	);
	t.deepEqual(added.notices, [`The baseline has no cell that ${two[1]!.id} could be compared with.`]);
});

test('without a baseline every failure is new, and nothing is missing', t => {
	const verdict = judge(run({a: ['failed'], b: ['passed']}), undefined, options);
	t.deepEqual(
		verdict.changes.map(({change, says}) => [change, says]),
		[['new', 'it is failed; the baseline does not have it']],
	);
	t.is(verdict.baseline, undefined);
});

test('another host and another swarmlab are named, and a baseline that did not end is noticed', t => {
	const before = run({a: ['passed']}, {hostname: 'there', unfinished: true});
	const verdict = judge(run({a: ['passed']}), before, options);
	t.deepEqual(
		verdict.versions.map(({axis, before: was, now}) => [axis, was.slice(0, 5), now.slice(0, 4)]),
		[['host', 'there', 'here']],
	);
	t.regex(verdict.notices.join(), /did not come to its end/);
});

const codes: [failOn: Change[], now: Written['results'], code: 0 | 1 | 2][] = [
	[['new', 'broken'], {a: ['failed'], b: ['broken']}, 1],
	[['new', 'broken'], {a: ['passed'], b: ['broken']}, 2],
	[['new'], {a: ['passed'], b: ['broken']}, 0],
	[['broken'], {a: ['failed'], b: ['broken']}, 2],
	[['flaky'], {a: ['failed', 'passed'], b: ['passed']}, 1],
	[['newly missing'], {a: ['passed']}, 1],
	[[], {a: ['failed'], b: ['broken']}, 0],
];

for (const [failOn, now, code] of codes) {
	test(`--fail-on ${failOn.join(',') || 'nothing'} of ${JSON.stringify(now)} is ${code}`, t => {
		t.is(codeOfChanges(judge(run(now), run({a: ['passed'], b: ['passed']}), {...options, failOn})), code);
	});
}
