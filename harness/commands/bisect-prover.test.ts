/** A whole search through real runs in memory: what is measured, how often, and what an interrupted search leaves. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {Version} from '../bisect/points.ts';
import {noTally, usualRates} from '../bisect/sequential.ts';
import type {PlannedScenario, Verdict} from '../model/index.ts';
import type {RunOptions} from '../run/context.ts';
import {cellOf, inMemory, listener, ownPlaces} from '../run/fixtures/in-memory.ts';

const places = ownPlaces();
const {runMatrix} = await import('../run/run.ts');
const {bisect} = await import('../bisect/bisect.ts');
const {openJournal} = await import('../bisect/journal.ts');
const {createProver} = await import('./bisect-prover.ts');
const {answerForGit} = await import('./bisect-git.ts');
test.after.always(() => fs.rmSync(places, {recursive: true, force: true}));

const scenario: PlannedScenario = {title: 'it holds', file: 'scenarios/a.ts'};
const labels = ['20.10.5', '20.10.24', '26.1.5', '28.5.1', '28.5.2'];
const versions = labels.map(
	(label): Version => ({id: label, label, series: label.split('.').slice(0, 2).join('.'), spec: label, content: label}),
);

interface World {
	/** The verdict of a try on a version, numbered from 1 over all runs. */
	verdict: (label: string, number: number) => Verdict;
	artifacts?: (label: string) => void;
	/** After so many tries the run is interrupted. */
	interruptAfter?: number;
	fresh?: boolean;
	points?: Version[];
}

let questions = 0;

/** Searches with a question of its own, or with that of an earlier search. */
async function search(
	{verdict, artifacts, interruptAfter = Number.POSITIVE_INFINITY, fresh, points = versions}: World,
	question = `question ${questions++}`,
) {
	const tries = new Map<string, number>();
	const measured: string[] = [];
	const prepared: string[][] = [];
	const stopped: string[][] = [];
	let all = 0;
	const run = async (options: RunOptions, reports: Parameters<typeof runMatrix>[1]) => {
		const label = options.cells[0]!.id.replace('memory-', '');
		const world = inMemory({
			async artifacts() {
				artifacts?.(label);
			},
			prove(_, {signal}) {
				if (all >= interruptAfter) {
					process.emit('SIGINT', 'SIGINT');
					signal?.throwIfAborted();
				}

				all += 1;
				const number = (tries.get(label) ?? 0) + 1;
				tries.set(label, number);
				return {verdict: verdict(label, number)};
			},
		});
		return runMatrix(options, reports, world.dependencies);
	};
	const prover = createProver(points, {
		...{scenario, file: path.resolve('scenarios/a.ts'), cellOf: async ({label}: Version) => cellOf(`memory-${label}`)},
		...{packages: {} as RunOptions['packages'], command: [], run, reports: listener().reports},
		prepare(cells) {
			const ids = cells.map(({id}) => id.replace('memory-', ''));
			prepared.push(ids);
			return async () => {
				stopped.push(ids);
			};
		},
	});
	const journal = openJournal(
		{
			scenario: question,
			axis: 'docker',
			good: points[0]!.id,
			bad: points.at(-1)!.id,
			cells: ['a', 'b'],
			rates: usualRates,
		},
		{fresh: fresh ?? false},
	);
	const outcome = await bisect(points, {
		...{prover, journal, rates: usualRates},
		progress: {begins: ({id}) => measured.push(id), measured() {}},
	});
	return {outcome, tries: Object.fromEntries(tries), measured, prepared, stopped, journal, question};
}

const failsFrom = (first: string) => (label: string) =>
	labels.indexOf(label) >= labels.indexOf(first) ? ('failed' as const) : ('passed' as const);

test.serial('each version is tried until it is decided, on the normal path of a run', async t => {
	const {outcome, tries, measured, prepared, stopped} = await search({verdict: failsFrom('26.1.5')});
	t.like(outcome, {end: 'found', good: '20.10.24', bad: '26.1.5', unknown: []});
	t.deepEqual(measured, ['20.10.5', '28.5.2', '20.10.24', '26.1.5']);
	t.deepEqual(tries, {'20.10.5': 5, '28.5.2': 2, '20.10.24': 5, '26.1.5': 2});
	// While a version is measured, what may come next is built; when the search ends, nothing is.
	t.deepEqual(prepared[0], ['28.5.2']);
	t.true(prepared.flat().includes('26.1.5'));
	t.deepEqual(stopped.flat().sort(), prepared.flat().sort());
});

test.serial(
	'what is broken or skipped counts as neither, and a version that cannot be built is passed over',
	async t => {
		const verdict = (label: string, number: number) => (number % 2 === 1 ? 'broken' : failsFrom('28.5.1')(label));
		const broken = await search({verdict});
		t.like(broken.outcome, {end: 'found', good: '26.1.5', bad: '28.5.1'});
		const {outcome} = await search({
			verdict: failsFrom('28.5.1'),
			artifacts(label) {
				if (label === '26.1.5') {
					throw new Error('no such package');
				}
			},
		});
		t.like(outcome, {end: 'found', good: '20.10.24', bad: '28.5.1', unknown: ['26.1.5']});
		t.is(outcome.measurements.get('26.1.5')!.message, 'cell not provisioned: no such package');
		const skipped = await search({verdict: label => (label === '20.10.24' ? 'skipped' : failsFrom('26.1.5')(label))});
		t.is(skipped.tries['20.10.24'], 1);
		t.like(skipped.outcome, {good: '20.10.5', bad: '26.1.5', unknown: ['20.10.24']});
	},
);

test.serial('it is refused if the ends are not what they were called', async t => {
	const exchanged = await search({verdict: label => (failsFrom('26.1.5')(label) === 'failed' ? 'passed' : 'failed')});
	t.like(exchanged.outcome, {end: 'refused', why: 'good and bad are exchanged'});
	t.deepEqual(exchanged.measured, ['20.10.5', '28.5.2']);
	const flaky = await search({
		verdict: (label, number) => (label === '20.10.5' && number % 4 === 1 ? 'failed' : failsFrom('20.10.24')(label)),
	});
	t.like(flaky.outcome, {end: 'refused', why: 'good is not known'});
	t.like(flaky.outcome.measurements.get('20.10.5')!.tally, {failed: 5, passed: 15});
	const always = await search({verdict: () => 'failed'});
	t.like(always.outcome, {end: 'refused', why: 'good is not good'});
	const never = await search({verdict: () => 'passed'});
	t.like(never.outcome, {end: 'refused', why: 'bad is not bad'});
	const unbuilt = await search({
		verdict: failsFrom('26.1.5'),
		artifacts: () => {
			throw new Error('no mirror');
		},
	});
	t.like(unbuilt.outcome, {end: 'refused', why: 'good is not known'});
});

test.serial(
	'an interrupted search continues: what was measured is known, and tries of a run without an end count',
	async t => {
		for (const after of [0, 1, 3, 5, 6, 8, 11, 13]) {
			const {outcome, question, tries} = await search({verdict: failsFrom('26.1.5'), interruptAfter: after});
			t.is(outcome.end, 'interrupted', String(after));
			const again = await search({verdict: failsFrom('26.1.5')}, question);
			t.like(again.outcome, {end: 'found', good: '20.10.24', bad: '26.1.5'}, String(after));
			const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, each) => all + each, 0);
			t.is(sum(tries) + sum(again.tries), 14, `${after} tries before, and only the others after`);
			t.is(again.outcome.measurements.get('20.10.5')!.tally.passed, 5);
		}
	},
);

test.serial('a search that has ended, or that is to begin anew, begins anew', async t => {
	const first = await search({verdict: failsFrom('26.1.5')});
	const second = await search({verdict: failsFrom('28.5.2')}, first.question);
	t.like(second.outcome, {end: 'found', good: '28.5.1', bad: '28.5.2'});
	const stopped = await search({verdict: failsFrom('26.1.5'), interruptAfter: 6});
	const fresh = await search({verdict: failsFrom('26.1.5'), fresh: true}, stopped.question);
	t.deepEqual(fresh.measured, ['20.10.5', '28.5.2', '20.10.24', '26.1.5']);
});

test.serial('a line of the journal that a dead process left unfinished is left out', async t => {
	const {question, journal} = await search({verdict: failsFrom('26.1.5'), interruptAfter: 6});
	fs.appendFileSync(journal.file, '{"event":"measured","point":"28.5.2","answer":"go');
	const again = await search({verdict: failsFrom('26.1.5')}, question);
	t.like(again.outcome, {end: 'found', good: '20.10.24', bad: '26.1.5'});
	t.false(again.measured.includes('20.10.5'));
	t.true(again.measured.includes('28.5.2'));
});

test('git gets 0 for good, 1 for bad, 125 for what cannot be decided, and more than 127 to give up', t => {
	const codeOf = (tally: Partial<typeof noTally>, interrupted = false) =>
		answerForGit({tally: {...noTally, ...tally}, interrupted}, usualRates).code;
	t.is(codeOf({passed: 5}), 0);
	t.is(codeOf({failed: 2}), 1);
	t.is(codeOf({undecided: 3}), 125);
	t.is(codeOf({undecided: 1, skipped: 1}), 125);
	t.is(codeOf({failed: 5, passed: 15}), 125);
	// Fewer tries than were needed: the cell was not brought up.
	t.is(codeOf({}), 125);
	t.is(codeOf({passed: 5}, true), 130);
});
