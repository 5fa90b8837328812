import test from 'ava';
import fc from 'fast-check';
import {UsageError} from '../errors.ts';
import {type Event, nodesOf, type Result, type Verdict} from '../model/index.ts';
import {summarise} from '../record/summary/summarise.ts';
import {compareClaims} from './claims.ts';
import {compare} from './compare.ts';
import {matchUp, type RunRead} from './sides.ts';

const noEvidence = () => ({evidence: [], problems: []});

type Tries = Record<string, [verdict: Verdict, message?: string][]>;

/** A run of cells, each with an engine and with the tries of claims. */
function runOf(name: string, cells: Record<string, Tries>): RunRead {
	const at = '2026-11-26T22:40:00.000Z';
	const titles = [...new Set(Object.values(cells).flatMap(each => Object.keys(each)))];
	const planned = Object.entries(cells).map(([engine]) => ({
		id: `memory-k6.1.1-d${engine}-1m0w`,
		provider: 'memory',
		subject: 'swarm' as const,
		nodes: nodesOf(
			{managers: 1, workers: 0, memory: 16, cpus: 1},
			{
				kernel: {label: '6.1.1', release: '6.1.1', source: {type: 'directory', path: '/'}},
				engine: {label: engine, version: engine, source: {type: 'tarball', location: '/', sha256: '', suite: 'x'}},
			},
		),
	}));
	const events: Event[] = [
		{
			...{at, event: 'run-started', run: name, command: [], cells: planned},
			scenarios: titles.map(title => ({title, file: 'a.ts'})),
			host: {
				hostname: '',
				os: '',
				kernel: '',
				cpus: 1,
				memory: 1,
				facts: {},
				accelerator: 'none',
				acceleratorReason: '',
				swarmlab: '',
			},
		},
	];
	for (const {id, nodes} of planned) {
		for (const [title, tries] of Object.entries(cells[nodes[0]!.engine.label]!)) {
			for (const [index, [verdict, message]] of tries.entries()) {
				const result: Result = {
					...{
						cell: id,
						title,
						file: 'a.ts',
						repetition: index + 1,
						verdict,
						startedAt: at,
						seconds: 1,
						metrics: {},
						evidence: [],
						log: [],
					},
					...(message && {reason: {message, type: 'AssertionError', details: ''}}),
				};
				events.push({at, event: 'result', result});
			}
		}

		events.push({at, event: 'cell-finished', cell: id, outcome: {state: 'tested'}, seconds: 1});
	}

	return {
		folder: `/runs/${name}`,
		summary: summarise([...events, {at, event: 'run-finished', seconds: 1}]),
		values: new Map(),
	};
}

const kinds = (a: Tries, b: Tries) => {
	const [left, right] = [runOf('one', {'20.10.5': a}), runOf('two', {'20.10.5': b})];
	return Object.fromEntries(
		matchUp([left, right])
			.flatMap(compareClaims)
			.filter(({title}) => !title.includes('comes up'))
			.map(({title, kind}) => [title, kind]),
	);
};
const times = (count: number, verdict: Verdict, message?: string) =>
	Array.from({length: count}, (): [Verdict, string?] => [verdict, message]);

test('claims differ in their verdict, in how they fail, in how often, or by being there', t => {
	const found = kinds(
		{
			verdict: [['passed']],
			failure: [['failed', 'web answers 404']],
			alike: [['failed', 'task 9vdmkl5ffk0n1x2y3z4a5b6c7 on 10.0.0.3 hung']],
			rate: [...times(9, 'failed', 'x'), ['passed']],
			only: [['passed']],
			same: [['passed']],
		},
		{
			verdict: [['failed', 'x']],
			failure: [['failed', 'web does not answer']],
			alike: [['failed', 'task 1aaakl5ffk0n1x2y3z4a5b6c7 on 10.0.0.9 hung']],
			rate: [['failed', 'x'], ...times(9, 'passed')],
			same: [['passed']],
		},
	);
	t.like(found, {verdict: 'verdict', failure: 'failure', alike: 'none', rate: 'rate', only: 'missing', same: 'none'});
});

test('whatever came, a run compared with itself has no difference', t => {
	const verdict = fc.constantFrom<Verdict>('passed', 'failed', 'broken', 'skipped');
	const claims = fc.dictionary(
		fc.constantFrom('a', 'b', 'c', 'd'),
		fc.array(fc.tuple(verdict), {minLength: 1, maxLength: 5}),
	);
	fc.assert(
		fc.property(claims, given => {
			const run = runOf('one', {
				'1.0': Object.fromEntries(
					Object.entries(given).map(([title, tries]) => [title, tries.map(([each]): [Verdict, string] => [each, 'x'])]),
				),
			});
			t.deepEqual(
				matchUp([run, run])
					.flatMap(compareClaims)
					.filter(({kind}) => kind !== 'none'),
				[],
			);
		}),
		{numRuns: 50},
	);
});

test('cells of two runs are compared by their ids; one cell each is compared whatever its id', t => {
	const one = runOf('one', {'20.10.5': {a: [['passed']]}, '28.5.2': {a: [['passed']]}});
	const two = runOf('two', {'28.5.2': {a: [['passed']]}, '26.1.5': {a: [['passed']]}});
	const three = runOf('three', {'26.1.5': {a: [['passed']]}});
	const four = runOf('four', {'20.10.5': {a: [['passed']]}});
	const ids = (...runs: RunRead[]) =>
		matchUp(runs).map(each => ('all' in each ? 'all' : [each.a.cell.cell.id, each.b.cell.cell.id].join(' ')));
	t.deepEqual(ids(one, two), ['memory-k6.1.1-d28.5.2-1m0w memory-k6.1.1-d28.5.2-1m0w']);
	t.deepEqual(ids(three, four), ['memory-k6.1.1-d26.1.5-1m0w memory-k6.1.1-d20.10.5-1m0w']);
	t.deepEqual(ids(one), ['memory-k6.1.1-d20.10.5-1m0w memory-k6.1.1-d28.5.2-1m0w']);
	const more = runOf('more', {'1.0': {a: [['passed']]}, '2.0': {a: [['failed', 'x']]}, '3.0': {a: [['failed', 'x']]}});
	t.deepEqual(ids(more), ['all']);
});

test('of many cells, those where a claim fails are one side, and what only they have is named', t => {
	const run = runOf('one', {
		'1.0': {a: [['passed']], b: [['passed']]},
		'2.0': {a: [['failed', 'x']], b: [['passed']]},
		'3.0': {a: [['passed']], b: [['passed']]},
	});
	const claims = compare([run], {evidenceOf: noEvidence}).flatMap(each => each.claims);
	t.deepEqual(
		claims.map(({title, a, b, common}) => [title, a.length, b.length, common]),
		[['a', 1, 2, {a: ['Docker 2.0'], b: []}]],
	);
});

const refused: [name: string, runs: RunRead[], cells: string[], message: RegExp][] = [
	[
		'nothing in common',
		[runOf('one', {'1.0': {}, '2.0': {}}), runOf('two', {'3.0': {}, '4.0': {}})],
		[],
		/no cell in common.*d1\.0.*d3\.0/,
	],
	['one cell', [runOf('one', {'1.0': {}})], [], /has one cell, memory-k6\.1\.1-d1\.0-1m0w/],
	['no cell', [runOf('one', {})], [], /has no cell/],
	['three runs', [runOf('a', {}), runOf('b', {}), runOf('c', {})], [], /3 runs are named/],
	[
		'the same cell twice',
		[runOf('one', {'1.0': {}, '2.0': {}})],
		['d1.0', 'memory-k6.1.1-d1.0-1m0w'],
		/Both --cell mean/,
	],
	['an unknown cell', [runOf('one', {'1.0': {}, '2.0': {}})], ['d1.0', 'd7'], /--cell d7: 0 cells of one match/],
	['a text for two cells', [runOf('one', {'1.0': {}, '2.0': {}})], ['memory', 'd2.0'], /--cell memory: 2 cells/],
	['three cells', [runOf('one', {'1.0': {}})], ['a', 'b', 'c'], /more than twice/],
];
for (const [name, runs, cells, message] of refused) {
	test(`refused: ${name}`, t => {
		t.throws(() => matchUp(runs, cells), {instanceOf: UsageError, message});
	});
}

test('a claim that differs and has no evidence on a side says so, and how to take it', t => {
	const [one, two] = [runOf('one', {'1.0': {a: [['passed']]}}), runOf('two', {'1.0': {a: [['failed', 'x']]}})];
	const claims = compare([one, two], {evidenceOf: noEvidence}).flatMap(each => each.claims);
	t.regex(
		claims.flatMap(({state}) => state?.notes ?? []).join(),
		/side A and side B has no evidence.*--evidence always/,
	);
});
