/** The history: the same answer with any store, or with none. */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {openRecord, recordFile} from '../record/record.ts';
import {cellWith, writeRun} from './fixtures/write-run.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-history-'));
process.env.SWARMLAB_CACHE = path.join(root, 'cache');
const {openHistory} = await import('./history.ts');
const {storeFile, storeSchema} = await import('./store.ts');
test.after.always(() => fs.rmSync(root, {recursive: true, force: true}));

let count = 0;

/** A folder of three runs: the second one fails. */
function threeRuns(): string {
	count += 1;
	const runs = path.join(root, `runs-${count}`);
	writeRun(runs, {run: '2026-11-20T02-00-00-aa', results: {one: ['passed'], two: ['passed']}});
	writeRun(runs, {run: '2026-11-21T02-00-00-aa', results: {one: ['failed', 'passed'], two: ['passed']}});
	writeRun(runs, {run: '2026-11-22T02-00-00-aa', results: {one: [{seconds: 2, metrics: {m: 0.5}}], two: ['skipped']}});
	return runs;
}

/** Answers of a history, with what it says of itself. */
function answersOf(runs: string) {
	const history = openHistory(runs);
	const answers = {runs: history.runs(), strips: history.strips({})};
	const notices = history.notices();
	history.close();
	return {answers, notices};
}

/** The answers of the records alone: those of a store that did not exist before. */
function answersAnew(runs: string) {
	fs.rmSync(storeFile(runs), {force: true});
	return answersOf(runs).answers;
}

const verdictsOf = (runs: string, scenario: string) => {
	const history = openHistory(runs);
	const strips = history.strips({scenario});
	history.close();
	return strips.flatMap(({points}) => points.map(({verdict}) => verdict));
};

test('a strip has the verdicts of a claim on a cell, the newest last, with every try', t => {
	const runs = threeRuns();
	const history = openHistory(runs);
	t.teardown(() => history.close());
	const [strip, ...more] = history.strips({scenario: 'ONE', cell: 'd28.5.2'});
	t.deepEqual(more, []);
	t.like(strip, {file: 'scenarios/a.ts', title: 'one', cell: 'container-k6.1.180-d28.5.2-1m0w'});
	t.deepEqual(
		strip!.points.map(({verdict, run, exitCode}) => [verdict, run.slice(0, 10), exitCode]),
		[
			['passed', '2026-11-20', 0],
			['failed', '2026-11-21', 1],
			['passed', '2026-11-22', 0],
		],
	);
	t.deepEqual(
		strip!.points[1]!.tries.map(({verdict}) => verdict),
		['failed', 'passed'],
	);
	t.deepEqual(strip!.points[2]!.tries, [{verdict: 'passed', seconds: 2, metrics: {m: 0.5}}]);
	t.regex(strip!.points[1]!.message, /1 of 2 repetitions failed: it is failed/);
	t.deepEqual(history.strips({scenario: 'one', cell: 'd28.5.1'}), []);
	t.is(history.strips({scenario: 'one', runs: 2})[0]!.points.length, 2);
});

test('a run that is new, that has grown or that is gone is seen at once', t => {
	const runs = threeRuns();
	answersOf(runs);
	const growing = writeRun(runs, {run: '2026-11-23T02-00-00-aa', results: {one: ['passed']}, unfinished: true});
	t.is(verdictsOf(runs, 'one').length, 4);
	t.is(answersOf(runs).answers.runs.at(-1)!.state, 'unfinished');
	openRecord(growing).append({event: 'run-finished', seconds: 1});
	t.is(answersOf(runs).answers.runs.at(-1)!.state, 'finished');
	fs.rmSync(path.join(runs, '2026-11-21T02-00-00-aa'), {recursive: true});
	t.deepEqual(verdictsOf(runs, 'one'), ['passed', 'passed', 'passed']);
	t.deepEqual(answersOf(runs).answers, answersAnew(runs));
});

test('a run that is half deleted has what is left of it, and one without a record is none', t => {
	const runs = threeRuns();
	answersOf(runs);
	fs.rmSync(recordFile(path.join(runs, '2026-11-20T02-00-00-aa')));
	fs.truncateSync(recordFile(path.join(runs, '2026-11-21T02-00-00-aa')), 40);
	t.deepEqual(verdictsOf(runs, 'one'), ['passed']);
	t.is(answersOf(runs).answers.runs.length, 2);
	t.deepEqual(answersOf(runs).answers, answersAnew(runs));
});

test('a record that a newer swarmlab wrote is left out, with a notice', t => {
	const runs = threeRuns();
	const folder = writeRun(runs, {run: '2026-11-23T02-00-00-aa', results: {one: ['failed']}});
	const text = fs.readFileSync(recordFile(folder), 'utf8');
	fs.writeFileSync(recordFile(folder), text.replace('"schema":3', '"schema":99'));
	t.is(verdictsOf(runs, 'one').length, 3);
	const {notices} = answersOf(runs);
	t.is(notices.length, 1);
	t.regex(notices[0]!, /^The run 2026-11-23T02-00-00-aa is left out: .* its schema is 99/);
});

const damages: [name: string, damage: (file: string) => void][] = [
	['is deleted', file => fs.rmSync(file)],
	['is empty', file => fs.truncateSync(file)],
	['is no database', file => fs.writeFileSync(file, 'x'.repeat(10_000))],
	['is cut off', file => fs.truncateSync(file, 4096)],
	[
		'has overwritten pages',
		file => {
			const bytes = fs.readFileSync(file);
			fs.writeFileSync(file, bytes.fill(0xa5, 4096));
		},
	],
	[
		'has an older schema',
		file => {
			const database = new DatabaseSync(file);
			database.exec('DROP TABLE result; PRAGMA user_version = -1');
			database.close();
		},
	],
	[
		'has tries that are no JSON',
		file => {
			const database = new DatabaseSync(file);
			database.exec("UPDATE result SET tries = 'x'");
			database.close();
		},
	],
];

for (const [name, damage] of damages) {
	test(`a store that ${name} is made anew, and the answer is the same`, t => {
		const runs = threeRuns();
		const {answers: before} = answersOf(runs);
		damage(storeFile(runs));
		const {answers, notices} = answersOf(runs);
		t.deepEqual(answers, before);
		t.deepEqual(notices, []);
		const database = new DatabaseSync(storeFile(runs), {readOnly: true});
		t.teardown(() => database.close());
		t.is((database.prepare('SELECT count(*) AS number FROM run').get() as {number: number}).number, 3);
	});
}

/** Asserts that the answer is right although the file cannot be used, and that a notice names why. */
function answersWithout(t: ExecutionContext, runs: string, why: RegExp) {
	const expected = threeRuns();
	const {answers, notices} = answersOf(runs);
	t.deepEqual(answers, answersOf(expected).answers);
	t.is(notices.length, 1);
	t.regex(notices[0]!, why);
}

test('a store of a newer schema is left as it is, and the answer comes from the records', t => {
	const runs = threeRuns();
	answersOf(runs);
	const database = new DatabaseSync(storeFile(runs));
	database.exec(`PRAGMA user_version = ${storeSchema + 1}`);
	database.close();
	answersWithout(t, runs, /a newer swarmlab wrote it \(schema 2, and this one has 1\)/);
	const after = new DatabaseSync(storeFile(runs), {readOnly: true});
	t.is((after.prepare('PRAGMA user_version').get() as {user_version: number}).user_version, storeSchema + 1);
	after.close();
});

test('a store that another process has locked does not hold up the answer for long', t => {
	const runs = threeRuns();
	answersOf(runs);
	const database = new DatabaseSync(storeFile(runs));
	database.exec('DELETE FROM run; BEGIN IMMEDIATE');
	t.teardown(() => database.close());
	answersWithout(t, runs, /database is locked/);
});

test('without a folder for the store the answer comes from the records', t => {
	const runs = threeRuns();
	fs.mkdirSync(storeFile(runs), {recursive: true});
	answersWithout(t, runs, /cannot be made anew: Path is a directory/);
});

test('two processes that index the same runs at once both have the whole answer, without a warning', async t => {
	const runs = path.join(root, 'runs-two');
	for (let day = 10; day < 30; day++) {
		for (const end of ['aa', 'bb', 'cc', 'dd', 'ee', 'ff']) {
			writeRun(runs, {run: `2026-10-${day}T02-00-00-${end}`, results: {one: ['passed']}});
		}
	}

	const script = `import {openHistory} from ${JSON.stringify(path.join(import.meta.dirname, 'history.ts'))};
		const history = openHistory(${JSON.stringify(runs)});
		console.log(JSON.stringify([history.strips({})[0].points.length, history.notices()]));`;
	const ask = async () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
	for (const {stdout, stderr} of await Promise.all([ask(), ask(), ask()])) {
		t.deepEqual(JSON.parse(stdout), [120, []]);
		t.is(stderr, '', 'not even that node:sqlite is experimental');
	}
});

test('runs are in the order of their clocks, also if one went backwards, and none is lost', t => {
	const runs = threeRuns();
	writeRun(runs, {run: '2099-01-01T02-00-00-aa', results: {one: ['failed']}});
	writeRun(runs, {run: '2026-11-24T02-00-00-aa', startedAt: '1970-01-01T00:00:00.000Z', results: {one: ['broken']}});
	t.deepEqual(verdictsOf(runs, 'one'), ['broken', 'passed', 'failed', 'passed', 'failed']);
});

test('the same claim on two cells has two strips', t => {
	const runs = path.join(root, 'runs-cells');
	writeRun(runs, {
		run: '2026-11-20T02-00-00-aa',
		cells: [cellWith('20.10.5'), cellWith('28.5.2')],
		results: {one: cell => (cell.id.includes('d20') ? ['failed'] : ['passed'])},
	});
	const history = openHistory(runs);
	t.teardown(() => history.close());
	t.deepEqual(
		history.strips({scenario: 'one'}).map(({cell, points}) => [cell, points[0]!.verdict]),
		[
			['container-k6.1.180-d20.10.5-1m0w', 'failed'],
			['container-k6.1.180-d28.5.2-1m0w', 'passed'],
		],
	);
	t.deepEqual(
		history.claimsIn('2026-11-20T02-00-00-aa', ['container']),
		new Set(['\nprovision', 'scenarios/a.ts\none']),
	);
	t.deepEqual(history.claimsIn('2026-11-20T02-00-00-aa', ['qemu']), new Set());
});
