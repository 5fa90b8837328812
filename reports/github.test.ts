import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import type {CaseSummary} from '../harness/record/summary/summary.ts';
import {addStepSummary, annotations} from './github.ts';

const summary = summarise(sampleRun());
const lines = annotations(summary);

/** A failure, with what a case of a summary reads on demand. */
function failure(id: string, reason = {message: 'it failed', type: 'x', details: ''}): CaseSummary {
	const {title, file, startedAt, seconds, repetitions} = summary.cells[0]!.cases[1]!;
	const rest = {flaky: false, otherTries: [], metrics: {}, evidence: [], log: []};
	return {id, title, file, verdict: 'failed', reason, startedAt, seconds, repetitions, ...rest};
}

test('each claim that failed or is broken has one annotation at its line, failures first', t => {
	t.true(
		lines.every(line => /^::error (file=[^,]+,line=\d+,)?title=(failed|broken)%3A .+::.+%0Aon qemu-\S+/.test(line)),
	);
	const verdicts = lines.map(line => /title=(\w+)/.exec(line)![1]);
	t.deepEqual(verdicts, verdicts.toSorted().reverse());
	t.true(
		lines.some(line =>
			line.startsWith('::error file=scenarios/vip.ts,line=31,title=failed%3A new connections rotate%2C'),
		),
	);
	t.true(lines.some(line => line.startsWith('::error title=broken%3A provision::')));
});

test('a line end or a percent sign of a reason cannot end an annotation, or begin another', t => {
	t.true(lines.every(line => !/[\r\n]/.test(line)));
	const [cell] = summary.cells;
	const reason = {message: '100%\n::warning::mine', type: 'x', details: ''};
	const [line] = annotations({...summary, cells: [{...cell!, cases: [failure('a', reason)]}]});
	t.true(line!.includes('::100%25%0A::warning::mine%0Aon '));
});

test('GitHub shows ten of a step: the tenth says how many there are beside', t => {
	const [cell] = summary.cells;
	const cases = Array.from({length: 12}, (_, index) => failure(String(index)));
	const many = annotations({...summary, cells: [{...cell!, cases}]});
	t.is(many.length, 10);
	t.is(many.at(-1), '::error title=swarmlab::3 more: the page of the run has all');
	t.is(
		annotations({...summary, cells: [{...cell!, cases: cases.slice(2)}]}).filter(each => each.includes('more:')).length,
		0,
	);
});

test.serial('the step summary gets the Markdown of the run at its end, and without GitHub nothing is written', t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-github-'));
	const before = process.env.GITHUB_STEP_SUMMARY;
	t.teardown(() => {
		process.env.GITHUB_STEP_SUMMARY = before ?? '';
		fs.rmSync(folder, {recursive: true});
	});
	const target = path.join(folder, 'step');
	fs.writeFileSync(path.join(folder, 'summary.md'), '# run\n');
	process.env.GITHUB_STEP_SUMMARY = '';
	addStepSummary(path.join(folder, 'summary.md'));
	t.false(fs.existsSync(target));
	fs.writeFileSync(target, 'before\n');
	process.env.GITHUB_STEP_SUMMARY = target;
	addStepSummary(path.join(folder, 'summary.md'));
	t.is(fs.readFileSync(target, 'utf8'), 'before\n# run\n');
});
