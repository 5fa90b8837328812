import test from 'ava';
import {type KnownFailure, nodesOf, type PlannedScenario, type Reproduction, type Verdict} from '../model/index.ts';
import {predict, type Relation, relate} from './relation.ts';

function cellOf(engines: string[], kernel = '6.1.192') {
	const nodes = nodesOf({managers: 1, workers: engines.length - 1, memory: 1, cpus: 1}, name => ({
		kernel: {label: kernel, release: '6.1.0-52-cloud-amd64', source: {type: 'host'}},
		engine: {
			label: '',
			version: engines[name === 'm1' ? 0 : Number(name.slice(1))]!,
			source: {type: 'tarball', location: '', sha256: '', suite: ''},
		},
	}));
	return {id: `qemu-k${kernel}-d${engines.join('-')}-1m${engines.length - 1}w`, nodes};
}

function scenarioOf(expected: Reproduction['expected'], until?: string): PlannedScenario {
	return {
		title: 'it holds',
		file: 'scenarios/issues/1-it.ts',
		reproduction: {issue: 'moby/moby#1', expected, managers: 1, workers: 0, ...(until && {until})},
	};
}

const old = scenarioOf([{fails: '<20.10.8', because: 'mended later'}]);

test('an engine in a range is expected to fail, any other to pass', t => {
	t.like(predict(old, cellOf(['20.10.5'])), {fails: true, because: 'mended later', issue: 'moby/moby#1'});
	t.like(predict(old, cellOf(['28.5.2'])), {fails: false});
});

test('nothing is expected where it is unknown, of a scenario without a report, and of nodes of which some are in a range', t => {
	t.is(predict(scenarioOf('unknown'), cellOf(['20.10.5'])), undefined);
	t.is(predict({title: 'x', file: 'y'}, cellOf(['20.10.5'])), undefined);
	t.is(predict(old, cellOf(['20.10.5', '28.5.2'])), undefined);
	t.like(predict(old, cellOf(['20.10.5', '20.10.5'])), {fails: true});
});

test('a range of kernels must hold, too; a Docker host has a release in place of a version', t => {
	const scenario = scenarioOf([{fails: '*', kernel: '<6.2', because: 'the kernel'}]);
	t.true(predict(scenario, cellOf(['28.5.2'], '6.1.192'))?.fails);
	t.false(predict(scenario, cellOf(['28.5.2'], '6.12.118'))?.fails);
	t.true(predict(scenario, cellOf(['28.5.2'], 'host'))?.fails);
});

const known: KnownFailure = {scenario: 'it HOLDS', issue: 'moby/moby#2', until: '2027-01-01'};
const named: [part: string, entry: KnownFailure, fits: boolean][] = [
	['part of the title', known, true],
	['file', {...known, scenario: 'scenarios/issues/1-it.ts'}, true],
	['glob of files', {...known, scenario: 'scenarios/**'}, true],
	['another title', {...known, scenario: 'it does not'}, false],
	['cell', {...known, cell: 'k6.1'}, true],
	['another cell', {...known, cell: 'k6.12'}, false],
	['engine', {...known, engine: '>=28'}, true],
	['another engine', {...known, engine: '<28'}, false],
	['kernel', {...known, kernel: '6.1'}, true],
	['another kernel', {...known, kernel: '>6.1'}, false],
];
for (const [part, entry, fits] of named) {
	test(`a known failure by its ${part} ${fits ? 'fits' : 'does not fit'}`, t => {
		const prediction = predict(old, cellOf(['28.5.2']), [entry]);
		t.is(prediction?.issue, fits ? 'moby/moby#2' : 'moby/moby#1');
		t.is(prediction?.fails, fits);
	});
}

const fails = {fails: true, sometimes: false, issue: 'moby/moby#1', because: ''};
const relations: [
	verdict: Verdict,
	expected: Partial<typeof fails & {until: string}>,
	relation: Relation | undefined,
][] = [
	['failed', {}, 'known failure'],
	['passed', {}, 'surprise'],
	['passed', {sometimes: true}, 'as expected'],
	['failed', {until: '2026-11-28'}, 'known failure'],
	['failed', {until: '2026-11-27'}, 'overdue'],
	['failed', {fails: false}, 'surprise'],
	['passed', {fails: false}, 'as expected'],
	['broken', {}, undefined],
	['skipped', {}, undefined],
];
for (const [verdict, expected, relation] of relations) {
	test(`${verdict} with ${JSON.stringify(expected)} is ${relation}`, t => {
		t.is(relate(verdict, {...fails, ...expected}, '2026-11-27'), relation);
	});
}
