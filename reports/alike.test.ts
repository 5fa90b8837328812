/** Two files that claim the same title are two scenarios: no report loses one of them or takes one for the other. */
import test from 'ava';
import type {Cell, Claim, Event, PlannedScenario, Result, Verdict} from '../harness/model/index.ts';
import {cells, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';
import {compatibilityTable} from './compatibility.ts';
import {findings, measurements, tableOf} from './findings.ts';
import {all, parse} from './fixtures/read-junit.ts';
import {htmlPage} from './html/page.ts';
import {junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';
import {orderTexts} from './order.ts';

const at = '2026-11-30T10:00:00.000Z';
const swarm = cells[0]!;
const stacked: Cell = {
	...cells[1]!,
	id: 'qemu-stack',
	subject: {
		stack: {
			...{kind: 'rehearsal', label: 'rehearsal', what: 'a rehearsal', revision: 'mitaka', exercises: []},
			...{localrc: {}, retryWithRemedy: false},
		},
	},
};
const title = 'a claim';
const [a, b] = ['scenarios/a.ts', 'scenarios/b.ts'].map(file => ({title, file})) as [Claim, Claim];

const reported = ({file, title}: Claim, verdict: Verdict, {cell = swarm.id, ...more}: Partial<Result> = {}): Event => ({
	...{at, event: 'result'},
	result: {
		...{cell, title, file, repetition: 1, verdict, startedAt: at, seconds: 1, metrics: {}, evidence: [], log: []},
		...(verdict !== 'passed' && {reason: {message: `no, says ${file}`, type: 'Error', details: ''}}),
		...more,
	},
});

function run(scenarios: PlannedScenario[], results: Event[], on: Cell[] = [swarm]): RunSummary {
	const [start] = sampleRun() as [Extract<Event, {event: 'run-started'}>];
	return summarise([
		{...start, cells: on, scenarios},
		...on.map(({id}): Event => ({at, event: 'cell-stage', cell: id, stage: 'scenarios'})),
		...results,
		...on.map(({id}): Event => ({at, event: 'cell-finished', cell: id, outcome: {state: 'tested'}, seconds: 1})),
		{at, event: 'run-finished', seconds: 1},
	]);
}

/** Title and verdict of each row of the page's matrix; of what did not pass also the text that its box leads to. */
function rows(summary: RunSummary): string[] {
	const page = htmlPage(summary);
	const [, body = ''] = /<tbody>([\s\S]*?)<\/tbody>/.exec(page) ?? [];
	return [...body.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*)<\/tr>/g)].map(([, name, boxes = '']) => {
		const reported = [...boxes.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, box = '']) => {
			const [, verdict] = /aria-label="(\w+)"/.exec(box) ?? [];
			const [, anchor] = /href="#([\w-]+)"/.exec(box) ?? [];
			const [, to] = anchor ? (new RegExp(`id="${anchor}"[\\s\\S]*?(no, says [\\w/.]*)`).exec(page) ?? []) : [];
			return verdict ? [verdict, ...(to ? [to] : [])].join(': ') : '';
		});
		return `${name} | ${reported.join(' | ')}`;
	});
}

const namesIn = (summary: RunSummary) => all(parse(junitOfRun(summary)), 'testcase').map(each => each.attributes.name);

test('each has its own case, finding, box, anchor, measurement and name in JUnit', t => {
	const summary = run(
		[a, b],
		[reported(a, 'failed', {metrics: {x: 1}, evidence: ['a.txt']}), reported(b, 'broken', {metrics: {x: 2}})],
	);
	t.deepEqual(summary.counts, {passed: 1, failed: 1, known: 0, broken: 1, skipped: 0});
	t.deepEqual(rows(summary), [
		'provision | passed',
		'a claim (scenarios/a.ts) | failed: no, says scenarios/a.ts',
		'a claim (scenarios/b.ts) | broken: no, says scenarios/b.ts',
	]);
	t.deepEqual(
		findings(summary).map(({file, evidence}) => [file, evidence]),
		[
			[a.file, ['a.txt']],
			[b.file, []],
		],
	);
	t.deepEqual(
		measurements(summary).map(each => each.values),
		[[1], [2]],
	);
	t.deepEqual(namesIn(summary), ['provision', 'a claim (scenarios/a.ts)', 'a claim (scenarios/b.ts)']);
});

test('what was not announced is no other try of the claim of that title in another file', t => {
	const summary = run([a], [reported(b, 'broken'), reported(a, 'passed')]);
	t.deepEqual(summary.counts, {passed: 2, failed: 0, known: 0, broken: 1, skipped: 0});
	t.deepEqual(rows(summary), [
		'provision | passed',
		'a claim (scenarios/a.ts) | passed',
		'a claim (scenarios/b.ts) | broken: no, says scenarios/b.ts',
	]);
	t.deepEqual(
		findings(summary).map(each => each.file),
		[b.file],
	);
});

test('two that are proven on different cells are two rows, and each row has one of them', t => {
	const onStack = {...b, stack: {}};
	const summary = run(
		[a, onStack],
		[reported(a, 'failed', {metrics: {x: 1}}), reported(b, 'broken', {cell: stacked.id, metrics: {x: 2}})],
		[swarm, stacked],
	);
	t.deepEqual(rows(summary), [
		'provision | passed | passed',
		'a claim (scenarios/a.ts) | failed: no, says scenarios/a.ts | ',
		'a claim (scenarios/b.ts) |  | broken: no, says scenarios/b.ts',
	]);
	const table = tableOf(summary);
	t.is(table.rows.length, 3);
	t.deepEqual(
		summary.cells.map((_, cell) => table.rows.filter((_, row) => table.at(row, cell)).length),
		[2, 2],
	);
	t.deepEqual(
		measurements(summary).map(each => each.values),
		[
			[1, undefined],
			[undefined, 2],
		],
	);
	const [, matrix = ''] = /## What holds where([\s\S]*?)\n## /.exec(markdown(summary)) ?? [];
	t.is(matrix.match(/^\| a claim \(/gm)?.length, 2);
});

test('one that is found on one cell only has the same name on all', t => {
	const other = cells[1]!;
	const summary = run(
		[a],
		[reported(a, 'passed'), reported(b, 'passed'), reported(a, 'passed', {cell: other.id})],
		[swarm, other],
	);
	t.deepEqual(rows(summary), [
		'provision | passed | passed',
		'a claim (scenarios/a.ts) | passed | passed',
		'a claim (scenarios/b.ts) | passed | ',
	]);
});

test('a scenario may be called as the case of the cell itself', t => {
	const named = {title: 'provision', file: a.file};
	const summary = run([named], [reported(named, 'skipped')]);
	t.deepEqual(rows(summary), ['provision | passed', 'provision (scenarios/a.ts) | skipped: no, says scenarios/a.ts']);
	t.deepEqual(namesIn(summary), ['provision', 'provision (scenarios/a.ts)']);
	t.notRegex(compatibilityTable(summary), /^###/m);
});

test('the order shows which of them came first', t => {
	const [started, ...others] = sampleRun() as [Extract<Event, {event: 'run-started'}>, ...Event[]];
	const summary = summarise([
		{...started, cells: [swarm], scenarios: [a, b], seed: 7},
		{at, event: 'order', cell: swarm.id, repetition: 1, scenarios: [b, a]},
		...others.filter(each => each.event === 'run-finished'),
	]);
	t.deepEqual(orderTexts(summary.cells[0]!), [
		{where: '', order: 'a claim (scenarios/b.ts) → a claim (scenarios/a.ts)'},
	]);
});

test('a damaged line that has lost its file is about the only claim of its title, or about none', t => {
	const lost = {title, file: ''};
	t.deepEqual(rows(run([a], [reported(lost, 'broken')])), ['provision | passed', 'a claim | broken: no, says ']);
	const unclear = run([a, b], [reported(a, 'passed'), reported(lost, 'broken'), reported(b, 'passed')]);
	t.deepEqual(unclear.counts, {passed: 3, failed: 0, known: 0, broken: 1, skipped: 0});
});
