/** Whose fault a new failure is: whole runs in memory, in worlds in which it is known what makes a claim fail. */
import {readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {mostTries} from '../expect/interval.ts';
import {isEnough} from '../expect/rate.ts';
import type {Cell, Event, PlannedScenario, Verdict} from '../model/index.ts';
import {cellOf, inMemory, listener, optionsOf, ownPlaces} from '../run/fixtures/in-memory.ts';

const places = ownPlaces();
const {runMatrix} = await import('../run/run.ts');
const {readRecord} = await import('../record/record.ts');
const {pastRun} = await import('../history/past-run.ts');
const {summarise} = await import('../record/summary/summarise.ts');
const {newlyFailing} = await import('../verdict/again.ts');
const {judge} = await import('../verdict/judge.ts');
const {attributeNew} = await import('./attribute.ts');
test.after.always(() => rmSync(places, {recursive: true, force: true}));

const title = 'it holds';
/** Files that are there, as a run keeps them. */
const scenario: PlannedScenario = {title, file: 'scenarios/formation.ts'};
const other: PlannedScenario = {title: 'another holds', file: 'scenarios/vip.ts'};

/** A cell with this engine and kernel. */
function cellWith(engine: string, kernel: string): Cell {
	const cell = cellOf(`memory-k${kernel}-d${engine}-1m0w`);
	return {
		...cell,
		nodes: cell.nodes.map(node => ({
			...node,
			engine: {...node.engine, label: engine, version: engine},
			kernel: {...node.kernel, label: kernel, release: kernel},
		})),
	};
}

const before = cellWith('28.5.1', '6.1.1');
const now = cellWith('28.5.2', '6.1.2');

/** Whether the claim fails on what a node runs. */
type World = (on: {engine: string; kernel: string; file: string}) => Verdict;

/** The baseline, then a run that is compared with it, then further runs, all in that world. */
async function nightly(world: World, cell = now, scenarioBefore?: PlannedScenario) {
	let tries = 0;
	const run = async (more: Parameters<typeof optionsOf>[1], scenarios: PlannedScenario[]) => {
		const [{nodes}] = more!.cells as [Cell];
		const on = {engine: nodes[0]!.engine.label, kernel: nodes[0]!.kernel.label};
		const {dependencies} = inMemory({
			prove(each) {
				tries += each.title === title ? 1 : 0;
				return {verdict: each.title === title ? world({...on, file: each.file}) : 'passed'};
			},
		});
		return runMatrix(optionsOf(scenarios, more), listener().reports, dependencies);
	};
	const first = await run({cells: [before]}, [scenario, other]);
	const baseline = pastRun(readRecord(first.folder).events);
	if (scenarioBefore) {
		baseline.sources = {[scenario.file]: 'as it was'};
	}

	const main = await run(
		{
			cells: [cell],
			again: {of: (of, events) => newlyFailing(of, events, baseline), isDecided: isEnough, mostTries},
			judge: events => judge(pastRun(events), baseline, {asked: first.folder, failOn: ['new']}),
		},
		[scenario, other],
	);
	const printed: string[] = [];
	tries = 0;
	const found = await attributeNew({
		...{folder: main.folder, summary: main.summary, baseline, print: line => void printed.push(line)},
		scenarioBefore: async () => scenarioBefore,
		runPoint: async ({scenarios, ...more}) => run(more, scenarios),
	});
	const {events} = readRecord(main.folder);
	return {main, found, printed, tries, summary: summarise(events)};
}

const fails = (is: boolean): Verdict => (is ? 'failed' : 'passed');

test.serial(
	'of two that changed, the engine does it: by runs of its own below the run, each on fresh machines',
	async t => {
		const {main, found, printed, tries, summary} = await nightly(({engine}) => fails(engine === '28.5.2'));
		t.is(main.exitCode, 1);
		t.deepEqual(
			main.summary.nightly!.changes.map(({change, title: of, failed, decided}) => [change, of, failed, decided]),
			[['new', title, 3, 3]],
		);
		t.is(found.length, 1);
		t.deepEqual(found[0]!.axes, ['engine']);
		t.is(
			found[0]!.sentence,
			'The engine: with it alone as now it fails 3 of 3 (44–100 %), with all as in the baseline 0 of 3 (0–56 %)',
		);
		t.deepEqual(printed, [
			`further run with engine, kernel as in the baseline: ${title}`,
			`further run with engine as now, kernel as in the baseline: ${title}`,
		]);
		t.is(tries, 6);
		t.deepEqual(summary.attributions, found);
		const folders = found[0]!.points.flatMap(({folder}) => folder ?? []);
		t.deepEqual(folders.map(path.dirname), ['attribution', 'attribution']);
		t.is(readdirSync(path.join(main.folder, 'attribution')).length, 2);
	},
);

test.serial('two that do it only together are named together', async t => {
	const {found} = await nightly(({engine, kernel}) => fails(engine === '28.5.2' && kernel === '6.1.2'));
	t.deepEqual(found[0]!.axes, ['engine', 'kernel']);
});

test.serial('if what the baseline had fails now, too, it is the host', async t => {
	let isNow = false;
	const {found} = await nightly(({engine}) => {
		isNow ||= engine === '28.5.2';
		return fails(isNow);
	});
	t.deepEqual(found[0]!.axes, []);
	t.regex(found[0]!.sentence, /^None of engine and kernel: .* the host has changed/);
});

test.serial('the scenario itself may be what changed: it is proven as the baseline had it', async t => {
	const old = {title, file: 'reports/runs/old/sources/scenarios/a.ts'};
	let isNow = false;
	const world: World = ({file, engine}) => {
		isNow ||= engine === '28.5.2';
		return fails(isNow && file === scenario.file);
	};
	const {found, summary} = await nightly(world, now, old);
	t.deepEqual(found[0]!.axes, ['scenario']);
	t.regex(found[0]!.sentence, /^The scenario: with it alone as now it fails 3 of 3/);
	t.true(summary.nightly!.versions.some(({axis}) => axis === 'scenario'));
});

test.serial('a failure that is flaky, or that was there, is not looked into', async t => {
	let count = 0;
	const flaky = await nightly(({engine}) => fails(engine === '28.5.2' && ++count % 2 === 1));
	t.is(flaky.main.summary.nightly!.changes[0]!.change, 'flaky');
	t.deepEqual([flaky.found, flaky.tries], [[], 0]);
	const known = await nightly(() => 'failed');
	t.is(known.main.summary.nightly!.changes[0]!.change, 'still failing');
	t.deepEqual([known.found, known.tries, known.main.exitCode], [[], 0, 0]);
});

test.serial('a point that cannot be tried decides nothing, and the reason is given', async t => {
	const {found} = await nightly(({engine}) => (engine === '28.5.2' ? 'failed' : 'passed'), {...now, id: 'memory-x'});
	t.deepEqual(found[0]!.axes, ['engine']);
	let runs = 0;
	const broken = await nightly(({engine}) => {
		runs += engine === '28.5.1' ? 1 : 0;
		return engine === '28.5.2' ? 'failed' : runs > 1 ? 'broken' : 'passed';
	});
	t.deepEqual(broken.found[0]!.axes, []);
	t.regex(
		broken.found[0]!.sentence,
		/^It could not be told: what the baseline had could not be tried again \(.*it is broken\)/,
	);
});

test.serial('what is written about it is of the schema of a record', async t => {
	const {main} = await nightly(({engine}) => fails(engine === '28.5.2'));
	const {events, problems} = readRecord(main.folder);
	t.deepEqual(problems, []);
	t.deepEqual(
		events.slice(-3).map(({event}: Event) => event),
		['judged', 'run-finished', 'attributed'],
	);
});
