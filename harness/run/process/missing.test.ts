import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {Claim, Job} from '../../model/index.ts';
import {appendResult} from '../../record/results.ts';
import {type Aftermath, missing} from './missing.ts';
import type {ScenarioProgress} from './progress.ts';

const [a, b] = ['scenarios/a.ts', 'more/scenarios/a.ts'].map(file => ({title: 'a claim', file})) as [Claim, Claim];

function jobWith(...proven: Claim[]): Job {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-missing-'));
	const results = path.join(folder, 'results.jsonl');
	for (const each of proven) {
		appendResult(results, {
			...{cell: 'a-cell', ...each, repetition: 1, verdict: 'passed', startedAt: ''},
			...{seconds: 1, metrics: {}, evidence: [], log: []},
		});
	}

	const assignment = {results, filter: [], fixtureFile: '', repetition: 1};
	return {cell: {cell: {id: 'a-cell'}, folder} as Job['cell'], assignment};
}

const said = (scenario: Claim, progress: ScenarioProgress['progress'], until = '') =>
	({scenario, progress, until, repetition: 1}) as ScenarioProgress;

function missed(after: Partial<Aftermath> & Job): string[] {
	const files = [a.file, b.file];
	const ended = {exitCode: 1, signal: undefined, output: '', hungAt: undefined};
	return missing({files, announced: [a, b], progress: [], ...ended, ...after}).map(
		({scenario, result}) => `${scenario.file}: ${result.file}: ${result.reason?.message}`,
	);
}

test('the result of one file is not that of the same title in another', t => {
	t.deepEqual(missed(jobWith(a)), [`${b.file}: ${b.file}: its process ended before it was its turn (exit code 1)`]);
});

test('what one was doing does not explain why the other is missing', t => {
	const progress = [said(a, 'announced'), said(b, 'announced'), said(b, 'started'), said(b, 'waiting', 'it rains')];
	t.deepEqual(missed({...jobWith(), progress}), [
		`${a.file}: ${a.file}: its process ended before it was its turn (exit code 1)`,
		`${b.file}: ${b.file}: its process ended in the middle of it (exit code 1), while waiting until it rains`,
	]);
});

test('the file that hung is no other whose path ends alike', t => {
	t.deepEqual(missed({...jobWith(), hungAt: b.file}), [
		`${a.file}: ${a.file}: its process ended before it was its turn (exit code 1)`,
		`${b.file}: ${b.file}: its file hung before it was its turn`,
	]);
	t.deepEqual(missed({...jobWith(), hungAt: b.file, announced: []}), [
		`${a.file}: ${a.file}: ${a.file} does not load, or holds no scenario: exit code 1`,
		`${b.file}: ${b.file}: ${b.file} did not finish loading`,
	]);
});
