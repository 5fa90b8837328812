import test from 'ava';
import type {Event, Result} from '../../model/index.ts';
import {cells, sampleRun, scenarios} from '../fixtures/sample-run.ts';
import type {NewEvent} from '../record.ts';
import {exitCode} from './exit-code.ts';
import {summarise} from './summarise.ts';
import type {CaseSummary} from './summary.ts';

const cell = cells[0] as (typeof cells)[0];
const host = {} as never;
const oneScenario = [{title: 'a claim', file: 'scenarios/a.ts', line: 3}];

function events(...those: NewEvent[]): Event[] {
	return those.map((each, index) => ({at: new Date(1_800_000_000_000 + index * 1000).toISOString(), ...each}) as Event);
}

function started(planned = oneScenario, planCells = [cell]): NewEvent {
	return {event: 'run-started', run: 'r', command: [], host, cells: planCells, scenarios: planned};
}

function result(changes: Partial<Result> = {}): NewEvent {
	return {
		event: 'result',
		result: {
			cell: cell.id,
			title: 'a claim',
			file: 'scenarios/a.ts',
			repetition: 1,
			verdict: 'passed',
			startedAt: '2026-11-22T22:40:00.000Z',
			seconds: 1,
			metrics: {},
			evidence: [],
			log: [],
			...changes,
		},
	};
}

const reason = (message: string) => ({message, type: 'Error', details: message});
const up: NewEvent = {event: 'cell-stage', cell: cell.id, stage: 'scenarios'};
const tested: NewEvent = {event: 'cell-finished', cell: cell.id, outcome: {state: 'tested'}, seconds: 9};
const end: NewEvent = {event: 'run-finished', seconds: 10};

/** `title: verdict message` of every case of the only cell. */
function reported(...those: NewEvent[]): string[] {
	return summarise(events(...those)).cells[0]?.cases.map(line) ?? [];
}

function line({title, verdict, reason}: CaseSummary): string {
	return `${title}: ${verdict}${reason ? ` ${reason.message}` : ''}`;
}

test('every cell of the sample has the same cases, whatever became of it', t => {
	const summary = summarise(sampleRun());
	const titles = ['provision', ...scenarios.map(each => each.title)];
	for (const each of summary.cells) {
		t.deepEqual(
			each.cases.map(one => one.title),
			titles,
		);
	}

	t.deepEqual(summary.counts, {passed: 28, failed: 3, known: 0, broken: 2, skipped: 21});
	t.is(summary.flaky, 1);
	t.deepEqual(
		summary.cells.map(each => each.state),
		['tested', 'tested', 'tested', 'tested', 'broken', 'skipped'],
	);
	t.deepEqual(summary.cells[2]?.artifacts, [
		{kind: 'kernel', key: 'k-6.1.180-3f9c2d'},
		{kind: 'engine', key: 'e-20.10.24-77aa01'},
		{kind: 'images', key: 'i-5d41aa'},
	]);
	t.deepEqual(summary.artifacts[3]?.states, ['damaged', 'building', 'built']);
	t.deepEqual(summary.problems, []);
});

const ends: [name: string, NewEvent[], string[]][] = [
	['tested', [up, result(), tested, end], ['provision: passed', 'a claim: passed']],
	[
		'the process reported nothing of it',
		[up, tested, end],
		['provision: passed', 'a claim: broken no result: the scenario process ended before it'],
	],
	[
		'the process died proving it',
		[
			up,
			{event: 'scenario-started', cell: cell.id, title: 'a claim', file: 'scenarios/a.ts', repetition: 1},
			tested,
			end,
		],
		['provision: passed', 'a claim: broken no result: the scenario process ended while it was being proven'],
	],
	[
		'it did not come up',
		[
			{event: 'cell-finished', cell: cell.id, outcome: {state: 'broken', reason: reason('m1: silent')}, seconds: 9},
			end,
		],
		['provision: broken m1: silent', 'a claim: skipped cell not provisioned: m1: silent'],
	],
	[
		'it cannot be tested',
		[{event: 'cell-finished', cell: cell.id, outcome: {state: 'skipped', reason: reason('no ip_vs')}, seconds: 9}, end],
		['provision: skipped no ip_vs', 'a claim: skipped cell not provisioned: no ip_vs'],
	],
	[
		'killed before',
		[],
		[
			'provision: broken no result: the run ended before the cell was done (waiting)',
			'a claim: broken no result: the run ended before it',
		],
	],
	[
		'killed in boot',
		[
			{event: 'cell-stage', cell: cell.id, stage: 'boot'},
			{event: 'machine', cell: cell.id, machine: 'm1', doing: 'waiting for ssh'},
		],
		[
			'provision: broken no result: the run ended before the cell was done (boot; m1: waiting for ssh)',
			'a claim: broken no result: the run ended before it',
		],
	],
	[
		'interrupted before',
		[{event: 'run-interrupted', signal: 'SIGINT'}, end],
		[
			'provision: broken no result: the run was interrupted (SIGINT) before the cell was done (waiting)',
			'a claim: broken no result: the run was interrupted (SIGINT) before it',
		],
	],
	[
		'it broke on the way',
		[
			up,
			{event: 'cell-finished', cell: cell.id, outcome: {state: 'broken', reason: reason('w2 is gone')}, seconds: 9},
			end,
		],
		['provision: broken w2 is gone', 'a claim: skipped the cell broke before it: w2 is gone'],
	],
	[
		'nobody announced it',
		[up, result({title: 'another'}), result(), tested, end],
		['provision: passed', 'a claim: passed', 'another: passed'],
	],
];

for (const [name, those, expected] of ends) {
	test(`nothing is silent: ${name}`, t => {
		t.deepEqual(reported(started(), ...those), expected);
	});
}

test('a cell without a single claim is broken, not green', t => {
	const summary = summarise(events(started([]), up, tested, end));
	t.is(exitCode(summary), 2);
	t.is(summary.counts.broken, 1);
});

const repetitions: [name: string, Partial<Result>[], string, number][] = [
	['all passed', [{}, {repetition: 2}], 'a claim: passed', 0],
	[
		'one failed',
		[{}, {repetition: 2, verdict: 'failed', reason: reason('x')}, {repetition: 3}],
		'a claim: failed 1 of 3 repetitions failed: x',
		0,
	],
	[
		'failed goes before broken',
		[
			{verdict: 'broken', reason: reason('b')},
			{repetition: 2, verdict: 'failed', reason: reason('f')},
		],
		'a claim: failed 1 of 2 repetitions failed: f',
		1,
	],
	['broken and tried again', [{verdict: 'broken', reason: reason('b')}, {}], 'a claim: passed', 1],
	['failed and tried again stays failed', [{verdict: 'failed', reason: reason('f')}, {}], 'a claim: failed f', 0],
];

for (const [name, tries, expected, others] of repetitions) {
	test(`over repetitions: ${name}`, t => {
		const summary = summarise(events(started(), up, ...tries.map(result), tested, end));
		const [, claim] = summary.cells[0]?.cases ?? [];
		t.is(claim && line(claim), expected);
		t.is(claim?.otherTries.length, others);
	});
}

test('metrics are the median over repetitions', t => {
	const summary = summarise(
		events(
			started(),
			up,
			...[5, 1, 3].map((value, index) => result({repetition: index + 1, metrics: {x: value}})),
			tested,
			end,
		),
	);
	t.deepEqual(summary.cells[0]?.cases[1]?.metrics, {x: 3});
});

test('the same title in two files is two claims', t => {
	const planned = ['scenarios/a.ts', 'scenarios/b.ts'].map(file => ({title: 'a claim', file, line: 1}));
	t.deepEqual(
		reported(
			started(planned),
			up,
			result(),
			result({file: 'scenarios/b.ts', verdict: 'failed', reason: reason('x')}),
			tested,
			end,
		),
		['provision: passed', 'a claim (scenarios/a.ts): passed', 'a claim (scenarios/b.ts): failed x'],
	);
});

test('results of a cell that was not announced are reported', t => {
	t.deepEqual(summarise(events(started(), result({cell: 'other'}))).problems, [
		'There are results of the cell other, which was not announced; they are left out.',
	]);
});

const codes: [0 | 1 | 2, 'finished' | 'interrupted' | 'unfinished', number, number, number, number][] = [
	// code, state, passed, failed, broken, skipped
	[0, 'finished', 1, 0, 0, 0],
	[0, 'finished', 1, 0, 0, 5],
	[1, 'finished', 1, 1, 0, 0],
	[1, 'finished', 0, 1, 1, 0],
	[2, 'finished', 1, 0, 1, 0],
	[2, 'finished', 0, 0, 0, 3],
	[2, 'finished', 0, 0, 0, 0],
	[2, 'interrupted', 9, 0, 0, 0],
	[2, 'interrupted', 9, 1, 0, 0],
	[2, 'unfinished', 9, 0, 0, 0],
];

for (const [code, state, passed, failed, broken, skipped] of codes) {
	test(`exit code ${code}: ${state}, ${passed} passed, ${failed} failed, ${broken} broken, ${skipped} skipped`, t => {
		t.is(exitCode({state, counts: {passed, failed, known: 0, broken, skipped}}), code);
	});
}

test('the seed, and the order that it gave to those that share a swarm, are in the summary', t => {
	const other = {title: 'another', file: 'scenarios/b.ts', line: 5};
	const first: NewEvent = {event: 'order', cell: cell.id, repetition: 1, scenarios: [other, ...oneScenario]};
	const second: NewEvent = {event: 'order', cell: cell.id, repetition: 2, scenarios: [...oneScenario, other]};
	const summary = summarise(events({...started([...oneScenario, other]), seed: 42} as NewEvent, first, second, end));
	t.is(summary.seed, 42);
	t.deepEqual(summary.cells[0]?.orders, [
		{repetition: 1, titles: ['another', 'a claim']},
		{repetition: 2, titles: ['a claim', 'another']},
	]);
	// What was proven is listed as ever.
	t.deepEqual(
		summary.cells[0]?.cases.map(({title}) => title),
		['provision', 'a claim', 'another'],
	);
	t.false('seed' in summarise(events(started(), end)));
});
