import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {HostError, UsageError} from '../errors.ts';
import type {Cell} from '../model/index.ts';
import {cells, scenarios} from '../record/fixtures/sample-run.ts';
import {type PlanContent, type PlanFile, planFileOf, readPlan, requireScenarios, requireSources} from './plan-file.ts';

const content: PlanContent = {
	cells,
	seconds: {[cells[0]!.id]: 90},
	scenarios,
	problems: [],
	manner: {repeat: 2, seed: 7},
	knownFailures: [],
};

function planIn(t: ExecutionContext, text: string): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-plan-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	const file = path.join(folder, 'plan.json');
	fs.writeFileSync(file, text);
	return file;
}

test('a plan is read as it was written; its formatting and the order of its keys do not matter', t => {
	const plan = planFileOf(content);
	t.deepEqual(readPlan(planIn(t, JSON.stringify(plan))), plan);
	const turned = Object.fromEntries(Object.entries(plan).reverse());
	t.deepEqual(readPlan(planIn(t, JSON.stringify(turned, undefined, '\t'))), plan);
});

test('the same content has the same id, and any other has another one', t => {
	t.is(planFileOf(structuredClone(content)).id, planFileOf(content).id);
	t.not(planFileOf({...content, manner: {repeat: 3}}).id, planFileOf(content).id);
	t.not(planFileOf({...content, seconds: {}}).id, planFileOf(content).id);
});

const wrong: [what: string, text: (plan: PlanFile) => string, message: RegExp][] = [
	['no JSON', () => '{"cells": [', /plan\.json is no plan: it cannot be read: /],
	['another JSON', () => '{"cells": []}', /plan\.json is no plan: swarmlab plan --json writes one/],
	['nothing', () => 'null', /plan\.json is no plan: /],
	['a changed plan', plan => JSON.stringify({...plan, cells: cells.slice(1)}), /was changed after it was made/],
	[
		'a plan of another version',
		plan => JSON.stringify({...plan, swarmlab: '0.0.9'}),
		/was planned by swarmlab 0\.0\.9, and this is \d/,
	],
	[
		'a plan with files that do not load',
		() => JSON.stringify(planFileOf({...content, problems: [{file: 'scenarios/bad.ts'}]})),
		/has scenario files that do not load/,
	],
];
for (const [what, text, message] of wrong) {
	test(`${what} is refused`, t => {
		t.throws(() => readPlan(planIn(t, text(planFileOf(content)))), {instanceOf: UsageError, message});
	});
}

test('a plan that is not there is named', t => {
	t.throws(() => readPlan('/nowhere/plan.json'), {
		instanceOf: UsageError,
		message: 'There is no plan /nowhere/plan.json.',
	});
});

test('a claim that the files do not make any more is named with its file', t => {
	const plan = planFileOf(content);
	t.notThrows(() => requireScenarios(plan, scenarios, 'plan.json'));
	t.throws(() => requireScenarios(plan, scenarios.slice(1), 'plan.json'), {
		instanceOf: UsageError,
		message: `plan.json: scenarios/formation.ts does not claim “${scenarios[0]!.title}” any more.`,
	});
});

/** What a mirror offers: every package of these cells, except those that are left out. */
function offering(without: (version: string) => boolean) {
	const refs = cells.flatMap(({nodes}) =>
		nodes.flatMap(({kernel, engine}) =>
			[kernel.source, engine.source].flatMap(source => (source.type === 'package' ? source.package : [])),
		),
	);
	const rows = refs.filter(({version}) => !without(version));
	return {rows: async () => rows.map(each => ({...each, uri: '', sha256: '', size: 0, depends: ''}))};
}

test('a kernel or engine that the mirror does not have any more is named once, before anything is built', async t => {
	await t.notThrowsAsync(
		requireSources(
			cells,
			offering(() => false),
		),
	);
	const error = await t.throwsAsync(
		requireSources(
			cells,
			offering(version => version === '6.1.180-1'),
		),
		{
			instanceOf: HostError,
		},
	);
	t.is(
		error!.message,
		"The plan wants linux-image-6.1.0-52-cloud-amd64 6.1.180-1 of bookworm, which this host's mirror does not have (any more).",
	);
});

test('a file of the other machine is named, too', async t => {
	const [cell] = cells as [Cell];
	const [node] = cell.nodes;
	const from = (location: string): Cell => ({
		...cell,
		nodes: [{...node!, kernel: {...node!.kernel, source: {type: 'deb', location, sha256: ''}}}],
	});
	const all = offering(() => false);
	await t.throwsAsync(requireSources([from('/nowhere/linux.deb')], all), {
		message: 'The plan wants /nowhere/linux.deb, which is not on this host.',
	});
	await t.notThrowsAsync(requireSources([from('https://packages.example/linux.deb')], all));
});
