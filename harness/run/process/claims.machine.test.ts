/** What claims leave behind besides their verdicts, and claims about a stack: proven by AVA itself, on cells without machines. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {type CellHandle, nodesOf, type Result, type Stack} from '../../model/index.ts';
import {readResults} from '../../record/results.ts';
import {runScenarios} from './ava.ts';
import {readProgress, type ScenarioProgress} from './progress.ts';

const stack: Stack = {
	...{kind: 'rehearsal', label: 'rehearsal', what: 'a rehearsal', revision: 'mitaka', exercises: ['images', 'volumes']},
	...{localrc: {}, retryWithRemedy: false},
};

interface Proven {
	results: Result[];
	progress: ScenarioProgress[];
	folder: string;
}

async function prove(
	names: string[],
	cell: Partial<CellHandle['cell']> = {},
	machines: CellHandle['machines'] = [],
): Promise<Proven> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-claims-'));
	const handle: CellHandle = {
		schema: 3,
		run: path.basename(folder),
		cell: {
			...{id: 'test-cell', provider: 'qemu', subject: 'swarm'},
			nodes: nodesOf(
				{managers: 1, workers: 2, memory: 1024, cpus: 1},
				{
					kernel: {label: '6.1', release: '', source: {type: 'directory', path: ''}},
					engine: {label: '', version: '', source: {type: 'tarball', location: '', sha256: '', suite: ''}},
				},
			),
			...cell,
		},
		machines,
		subject:
			cell.subject && cell.subject !== 'swarm'
				? {stack: {seconds: 1}}
				: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
		...{folder, origin: 'cold boot'},
	};
	const assignment = {
		...{results: path.join(folder, 'results.jsonl'), fixtureFile: path.join(folder, 'fixture.json')},
		...{filter: [], repetition: 1},
	};
	const cellFile = path.join(folder, 'cell.json');
	fs.writeFileSync(cellFile, JSON.stringify(handle));
	const files = names.map(name => path.join(import.meta.dirname, 'fixtures', `${name}.ts`));
	await runScenarios({cellFile, assignment, files});
	return {
		results: readResults(assignment.results).results,
		progress: readProgress({cell: handle, assignment}),
		folder,
	};
}

test('what was gathered for a scenario is not written over by the same title in another file', async t => {
	const {results, folder} = await prove(['alike-one', 'alike-two']);
	const reasons = results.map(({evidence}) => fs.readFileSync(path.join(folder, evidence.at(-1)!), 'utf8'));
	t.deepEqual(reasons, ['t.fail() did not hold: as the first says\n', 't.fail() did not hold: as the second says\n']);
});

test('a claim about a stack takes the same steps as one about a swarm', async t => {
	const {results, progress} = await prove(['on-stack'], {subject: {stack}});
	t.deepEqual(Object.fromEntries(results.map(({title, verdict}) => [title, verdict])), {
		passes: 'passed',
		'fails by an assertion': 'failed',
		'fails as the product did not do it in time': 'failed',
		'is broken by a mistake in the file': 'broken',
		'is broken as it asserts nothing': 'broken',
		'is skipped by its kind': 'skipped',
		'returns the verdict passed': 'passed',
		'returns the verdict failed': 'failed',
		'returns the verdict broken': 'broken',
		'returns the verdict skipped': 'skipped',
		images: 'broken',
		volumes: 'broken',
	});
	const of = (title: string) => results.find(each => each.title === title)!;
	t.like(of('passes'), {
		file: 'harness/run/process/fixtures/on-stack.ts',
		...{line: 9, origin: 'cold boot', metrics: {something: 1.5}, log: ['a note'], evidence: []},
	});
	t.deepEqual(of('fails by an assertion').metrics, {});
	t.deepEqual(of('fails by an assertion').evidence, [
		'evidence/fails-by-an-assertion/index.json',
		'evidence/fails-by-an-assertion/reason.txt',
	]);
	t.like(of('is skipped by its kind').reason, {
		type: 'NotApplicable',
		message: 'needs a stack of the kind devstack, this is a rehearsal',
	});
	for (const verdict of ['failed', 'broken', 'skipped']) {
		t.like(of(`returns the verdict ${verdict}`), {
			reason: {message: `it is ${verdict}`, type: 'Told', details: 'all'},
			...{seconds: 7, metrics: {reported: 1}, log: ['its own words']},
		});
	}

	t.deepEqual(of('returns the verdict passed').evidence, ['reported.log']);
	t.deepEqual(of('returns the verdict broken').evidence, [
		'reported.log',
		'evidence/returns-the-verdict-broken/index.json',
		'evidence/returns-the-verdict-broken/reason.txt',
	]);
	t.deepEqual(
		progress.filter(each => each.scenario.title === 'returns the verdict passed').map(each => each.progress),
		['announced', 'started', 'waiting', 'ended'],
	);
	t.is(progress.filter(each => each.progress === 'ended').length, results.length);
});

test('whether the nodes agree is asked of a claim that holds, before it is cleaned, and the verdict stays', async t => {
	const console = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-console-')), 'console.log');
	const old = '[   1.0] WARNING: CPU: 0 PID: 1 at the boot\n';
	fs.writeFileSync(console, old);
	const {results} = await prove(['agreement'], {}, [
		{
			...{name: 'm1', role: 'manager', address: '10.99.0.1', engine: {socket: ''}, console},
			reach: {by: 'ssh', host: '', port: 0, user: '', identityFile: '', controlPath: ''},
		},
	]);
	const of = (title: string) => results.find(each => each.title === title)!;
	t.deepEqual(
		results.map(({title, verdict, log}) => [title, verdict, log]),
		[
			['holds, and a kernel warns', 'passed', ['asked', 'cleaned']],
			['holds', 'passed', ['cleaned']],
			['does not hold', 'failed', ['cleaned']],
		],
	);
	const warning = '[   9.1] WARNING: CPU: 0 PID: 7 at net/core/dev.c:1';
	t.deepEqual(of('holds, and a kernel warns').disagreements, [
		{node: 'm1', says: 'm1 has another row', lines: []},
		{
			...{node: 'm1', says: `the kernel of m1 reported: ${warning}`},
			lines: [{node: 'm1', file: 'm1/console.txt', text: warning}],
		},
	]);
	t.is(of('holds').disagreements, undefined, 'what a console had before is not told again');
	t.is(of('does not hold').disagreements, undefined);
	t.is(fs.readFileSync(console, 'utf8').split('WARNING').length, 4);
});
