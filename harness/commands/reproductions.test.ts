/** Files of reports as text: what `--new` writes, and the steps for the hand. */
import test from 'ava';
import ts from 'typescript';
import {asTyped} from '../called.ts';
import type {Engine, PlannedScenario} from '../model/index.ts';
import {unreachedRanges} from '../plan/reachable.ts';
import {withTopology} from '../plan/reproductions.ts';
import {untilInterrupted} from './reproduce.ts';
import {reproductionText} from './reproduction-text.ts';
import {stepLines} from './step-lines.ts';

const texts = ["it's", 'a */ b', 'back\\slash', '`y` $', 'line\nbreak', '"quoted"'];
for (const text of texts) {
	test(`a file with ${JSON.stringify(text)} in it is TypeScript, and has the text as it is`, t => {
		const written = reproductionText({
			...{issue: 'moby/moby#1', title: text, steps: [`m1: ${text}`], managers: 1, workers: 2, outsiders: 1},
			expected: [{fails: '<20', because: text}],
		});
		const file = ts.createSourceFile('x.ts', written, ts.ScriptTarget.Latest, true);
		t.deepEqual((file as unknown as {parseDiagnostics: unknown[]}).parseDiagnostics, []);
		const literals: string[] = [];
		const visit = (node: ts.Node): void => {
			if (ts.isStringLiteral(node)) {
				literals.push(node.text);
			}

			node.forEachChild(visit);
		};
		visit(file);
		t.regex(written, /\n\t\tworkers: 2,\n\t\toutsiders: 1,\n/);
		t.true(literals.includes(text) && literals.includes(`m1: ${text}`), written);
	});
}

test('steps for the hand are commands that can be typed, with addresses and files in place', t => {
	const scenario: PlannedScenario = {
		title: 'it holds',
		file: 'scenarios/issues/1-it.ts',
		reproduction: {
			...{issue: 'moby/moby#1', expected: 'unknown', managers: 1, workers: 1},
			steps: ['all: ip addr show to {self}', "w1: echo 'x' && docker swarm join --token {m1:/root/token} {m1}"],
		},
	};
	const machines = [
		{name: 'm1', address: '10.0.0.1'},
		{name: 'w1', address: '10.0.0.2'},
	];
	t.deepEqual(stepLines([scenario], machines), [
		'Steps of moby/moby#1:',
		"  swarmlab exec m1 -- sh -c 'ip addr show to 10.0.0.1'",
		"  swarmlab exec w1 -- sh -c 'ip addr show to 10.0.0.2'",
		String.raw`  swarmlab exec w1 -- sh -c 'echo '\''x'\'' && docker swarm join --token '"$(swarmlab exec m1 -- cat /root/token)"' 10.0.0.1'`,
		'Then look whether it holds, as scenarios/issues/1-it.ts does: it holds',
	]);
	t.regex(asTyped(stepLines([scenario], machines).join('\n'), 'here'), /"\$\(here exec m1 -- cat/);
});

test('the machines are those that the reports need, outsiders included, unless an option says another number', t => {
	const scenarios = [
		{managers: 1, workers: 2},
		{managers: 3, workers: 0, outsiders: 1},
	].map(
		(size, index): PlannedScenario => ({
			...{title: `it holds ${index}`, file: 'x'},
			reproduction: {issue: 'moby/moby#1', expected: 'unknown', ...size},
		}),
	);
	t.deepEqual(withTopology({}, scenarios), {managers: '3', workers: '2', outsiders: '1'});
	t.like(withTopology({workers: '5', outsiders: '0'}, scenarios), {managers: '3', workers: '5', outsiders: '0'});
});

test('after the run that the user interrupted, no other file is begun', async t => {
	const begun: number[] = [];
	const run = async (state: 'finished' | 'interrupted') => {
		begun.push(begun.length);
		return {summary: {state}};
	};
	t.is((await untilInterrupted(['finished', 'interrupted', 'finished'], run)).length, 2);
	t.is(begun.length, 2);
	t.is((await untilInterrupted(['finished', 'finished'], run)).length, 2);
});

const engine = (version: string): Engine => ({
	label: version,
	version,
	source: {type: 'package', package: {name: 'docker.io', version, suite: 'bullseye'}, suite: 'bullseye'},
});
const node = (version: string, kernel = {label: '6.1.192', release: '6.1.0-56-amd64'}) =>
	({nodes: [{engine: engine(version), kernel}]}) as never;

test('a range that no cell is in has a sentence: which engine is in it, or that there is none', t => {
	const scenario: PlannedScenario = {
		...{title: 'it holds', file: 'x'},
		reproduction: {
			...{issue: 'moby/moby#1', managers: 1, workers: 0},
			expected: [
				{fails: '<20.10.8', because: 'a'},
				{fails: '>=29', because: 'b'},
			],
		},
	};
	const offered = ['28.5.2', '20.10.5'].map(engine);
	const sentences = unreachedRanges([scenario], [node('28.5.2')], offered);
	t.regex(
		sentences[0] ?? '',
		/fail with Docker <20\.10\.8, and no cell has such an engine: --docker 20\.10\.5@bullseye is one/,
	);
	t.regex(sentences[1] ?? '', /fail with Docker >=29, and no such engine can be had here/);
	t.is(unreachedRanges([scenario], [node('20.10.5')], offered).length, 1);
});

test('a range of kernels that no cell is in has a sentence; a Docker host has a release in place of a version', t => {
	const scenario: PlannedScenario = {
		...{title: 'it holds', file: 'x'},
		reproduction: {
			...{issue: 'moby/moby#1', managers: 1, workers: 0},
			expected: [{fails: '*', kernel: '<5.9', because: 'a'}],
		},
	};
	const sentences = unreachedRanges([scenario], [node('28.5.2')], []);
	t.is(sentences.length, 1);
	t.regex(sentences[0]!, /expected to fail on kernel <5\.9, and no cell has such a kernel: swarmlab kernels/);
	const old = {label: 'host', release: '5.4.0-1-amd64'};
	t.deepEqual(unreachedRanges([scenario], [node('28.5.2'), node('28.5.2', old)], []), []);
});
