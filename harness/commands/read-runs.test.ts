/** Runs as they lie on the disk: damaged ones, and what repetitions measured. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {compare} from '../compare/compare.ts';
import {sampleRun} from '../record/fixtures/sample-run.ts';
import {evidenceReader, readRun} from './read-runs.ts';

function written(t: ExecutionContext, text: string): string {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-compare-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	writeFileSync(path.join(folder, 'run.jsonl'), text);
	return folder;
}

const lines = () => sampleRun().map(each => JSON.stringify(each));

test('of a damaged run, what is left is compared, and what lacks is broken and not alike', t => {
	const whole = readRun(written(t, lines().join('\n')));
	const half = readRun(written(t, `${lines().slice(0, 20).join('\n')}\n{"at": "2026`));
	t.true(half.summary.problems.length > 0);
	const comparisons = compare([whole, half], {evidenceOf: evidenceReader()});
	t.is(comparisons.length, whole.summary.cells.length);
	const kinds = comparisons.flatMap(({claims}) => claims.map(({kind}) => kind));
	t.true(kinds.includes('verdict') && kinds.includes('none'), kinds.join());
});

test('a run with itself has no difference', t => {
	const run = readRun(written(t, lines().join('\n')));
	const claims = compare([run, run], {evidenceOf: evidenceReader()}).flatMap(each => each.claims);
	t.true(claims.length > 20);
	t.deepEqual(
		claims.filter(({kind, metrics}) => kind !== 'none' || metrics.some(({says}) => says === 'differs')),
		[],
	);
});

test('what tries that passed measured is kept by cell and scenario, and without repetitions it is not', t => {
	const [started, ...rest] = lines();
	const result = (repetition: number, verdict: string, seconds: number) =>
		JSON.stringify({
			...{at: '2026-11-22T22:40:01.000Z', event: 'result'},
			result: {
				...{cell: 'qemu-k6.1.180-d26.1.5-1m2w', title: 'x', file: 'a.ts', repetition, verdict, seconds},
				...{startedAt: '2026-11-22T22:40:01.000Z', metrics: {gap: repetition}, evidence: [], log: []},
				...(verdict === 'failed' && {reason: {message: 'x', type: 'x', details: ''}}),
			},
		});
	const three = [result(1, 'passed', 2), result(2, 'failed', 9), result(3, 'passed', 4)];
	const {values} = readRun(written(t, [started, ...three, ...rest.slice(-1)].join('\n')));
	t.deepEqual(values.get('qemu-k6.1.180-d26.1.5-1m2w\na.ts\nx'), {seconds: [2, 4], gap: [1, 3]});
	t.is(readRun(written(t, [started, three[0], ...rest.slice(-1)].join('\n'))).values.size, 0);
});

test('evidence that cannot be read is a sentence, and the rest is compared', t => {
	const run = readRun(written(t, lines().join('\n')));
	const folder = 'cells/c/swarm-1/evidence/x';
	mkdirSync(path.join(run.folder, folder), {recursive: true});
	writeFileSync(path.join(run.folder, folder, 'index.json'), '{"schema": 1, ');
	const [cell] = run.summary.cells;
	const tried = {
		member: {run, cell: cell!},
		case: {...cell!.cases[0]!, evidence: [`${folder}/index.json`, `${folder}/m1/x.txt`]},
	};
	const {evidence, problems} = evidenceReader()(tried);
	t.deepEqual(evidence, []);
	t.is(problems.length, 1);
	t.regex(problems[0]!, /index\.json/);
});
