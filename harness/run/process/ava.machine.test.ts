import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import pLimit from 'p-limit';
import {type Assignment, type CellHandle, nodesOf, type PlannedScenario, type Result} from '../../model/index.ts';
import {packageRoot} from '../../package.ts';
import {planScenarios} from '../../plan/scenarios.ts';
import {readResults} from '../../record/results.ts';
import {runScenarios} from './ava.ts';
import {avaStartsOf, inOrder} from './order.ts';
import type {ScenariosRun} from './scenario-run.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures');

interface Proven {
	results: Result[];
	/** Title to verdict. */
	verdicts: Record<string, string>;
	messages: Record<string, string>;
	folder: string;
	started: string[];
	dirtied: ScenariosRun['dirtied'];
}

/** Seconds for those that hang: long enough for what does not, on a host with ten times as much to do as it has CPUs. */
const silenceSeconds = 45;

/** Three at a time: two dozen processes at once would only make each slow. */
const line = pLimit(3);

/** Runs fixtures on a cell that has no machines. */
const prove = async (...request: Parameters<typeof proveNow>) => line(proveNow, ...request);

async function proveNow(
	t: ExecutionContext,
	names: string[],
	{
		filter = [] as string[],
		patience: silenceLimitSeconds = undefined as number | undefined,
		signal = undefined as AbortSignal | undefined,
		scenarios = undefined as PlannedScenario[] | undefined,
		order = undefined as PlannedScenario[] | undefined,
		only = undefined as Assignment['only'],
		onStarted = undefined as ((scenario: PlannedScenario) => void) | undefined,
	} = {},
): Promise<Proven> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-ava-'));
	const kernel = {label: '6.1', release: '6.1.0', source: {type: 'directory', path: '/'}} as const;
	const engine = {
		label: '20.10.24',
		version: '20.10.24',
		source: {type: 'tarball', location: '', sha256: '', suite: ''},
	} as const;
	const cell: CellHandle = {
		schema: 3,
		run: path.basename(folder),
		cell: {
			id: 'test-cell',
			provider: 'qemu',
			subject: 'swarm',
			nodes: nodesOf({managers: 1, workers: 2, memory: 1024, cpus: 1}, {kernel, engine}),
		},
		machines: [],
		subject: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
		folder,
		origin: 'cold boot',
	};
	const assignment: Assignment = {
		results: path.join(folder, 'results.jsonl'),
		filter,
		only,
		repetition: 1,
		fixtureFile: path.join(folder, 'fixture.json'),
	};
	const cellFile = path.join(folder, 'cell.json');
	fs.writeFileSync(cellFile, JSON.stringify(cell));
	const {ino} = fs.statSync(cellFile);
	const started: string[] = [];
	const files = names.map(name => path.resolve(fixtures, path.extname(name) ? name : `${name}.ts`));
	const {dirtied} = await runScenarios({
		...{cellFile, assignment, files},
		onStarted: scenario => {
			started.push(scenario.title);
			onStarted?.(scenario);
		},
		silenceLimitSeconds,
		signal,
		scenarios,
		order,
	});
	// Other commands read it meanwhile: it was not written at any time.
	t.is(fs.statSync(cellFile).ino, ino);
	t.deepEqual(JSON.parse(fs.readFileSync(cellFile, 'utf8')), JSON.parse(JSON.stringify(cell)));
	const {results} = fs.existsSync(assignment.results) ? readResults(assignment.results) : {results: []};
	return {
		results,
		verdicts: Object.fromEntries(results.map(({title, verdict}) => [title, verdict])),
		messages: Object.fromEntries(results.map(({title, reason}) => [title, reason?.message ?? ''])),
		folder,
		started,
		dirtied,
	};
}

test('a fault in a node that is left by a process that died ends the use of the cell', async t => {
	const outside = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-outside-')));
	t.teardown(() => fs.rmSync(outside, {recursive: true}));
	fs.writeFileSync(path.join(outside, 'package.json'), '{"type": "module"}');
	const left = {id: 'n1', node: 'w1', fault: 'stop-engine', options: {}, what: 'w1: dockerd is stopped'};
	const dies = `import fs from 'node:fs';
import path from 'node:path';
import {scenario} from 'swarmlab';

scenario('dies while a fault is on', {}, async () => {
	const folder = path.join(path.dirname(process.env.SWARMLAB_CELL), 'faults');
	fs.mkdirSync(folder);
	fs.writeFileSync(path.join(folder, 'n1.json'), ${JSON.stringify(JSON.stringify(left))});
	process.kill(process.pid, 'SIGKILL');
	await new Promise(() => {});
});
`;
	const after = `import {scenario} from 'swarmlab';\n\nscenario('comes after it', {}, async t => t.pass());\n`;
	const files = Object.entries({'a.ts': dies, 'b.ts': after}).map(([name, text]) => {
		fs.writeFileSync(path.join(outside, name), text);
		return path.join(outside, name);
	});
	const {verdicts, messages, dirtied} = await prove(t, files);
	t.deepEqual(verdicts, {'dies while a fault is on': 'broken', 'comes after it': 'broken'});
	t.regex(messages['comes after it']!, /There is no node 'w1'/);
	t.deepEqual(dirtied?.changes, ['a fault was not undone: w1: dockerd is stopped']);
});

test('files outside of the project are proven in the order given, and named by a path that leads there', async t => {
	const outside = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-outside-')));
	t.teardown(() => fs.rmSync(outside, {recursive: true}));
	fs.writeFileSync(path.join(outside, 'package.json'), '{"type": "module"}');
	const files = ['z.ts', 'a.ts'].map(name => path.join(outside, name));
	for (const file of files) {
		const title = JSON.stringify(path.basename(file));
		fs.writeFileSync(file, `import {scenario} from 'swarmlab';\nscenario(${title}, {}, async t => t.pass());\n`);
	}

	const {results} = await prove(t, files);
	t.deepEqual(
		results.map(({file, verdict}) => [file, verdict]),
		files.map(file => [file, 'passed']),
	);
});

test('the verdict says whose fault it is', async t => {
	const {verdicts, messages, results, started} = await prove(t, ['verdicts']);
	t.deepEqual(verdicts, {
		passes: 'passed',
		'fails by an assertion': 'failed',
		'fails by an assertion with a message': 'failed',
		'fails as the product did not do it in time': 'failed',
		'fails as the engine could not': 'failed',
		'is broken as we asked nonsense': 'broken',
		'is broken as a machine is away': 'broken',
		'is broken as we waited for our own': 'broken',
		'is broken by a mistake in the file': 'broken',
		'is skipped as the cell is too small': 'skipped',
		'is skipped by itself': 'skipped',
		'undoes in the opposite order and logs what it could not': 'passed',
	});
	t.deepEqual(
		started,
		results.map(({title}) => title),
	);
	t.is(
		messages['fails as the product did not do it in time'],
		'Waited 3.0 s until 2 tasks run. Last seen: 1 of 2 tasks running',
	);
	t.is(messages['is skipped as the cell is too small'], 'needs 3 managers, the cell has 1');
	t.regex(messages['fails by an assertion with a message']!, /web: 10 requests: web.1 5, nobody 5/);
	const of = (title: string) => results.find(result => result.title === title)!;
	t.like(of('passes'), {
		file: 'harness/run/process/fixtures/verdicts.ts',
		line: 4,
		metrics: {something: 1.5},
		log: ['a note'],
		evidence: [],
	});
	t.regex(of('fails by an assertion').reason!.details, /tasks: 2[\s\S]+tasks: 3/);
	t.like(of('is broken as a machine is away').reason, {type: 'MachineError', remedy: 'Look at its console'});
	t.regex(of('is broken as a machine is away').reason!.details, /Kernel panic/);
	t.deepEqual(
		of('fails by an assertion').evidence.map(file => path.basename(file)),
		['index.json', 'reason.txt'],
	);
	t.deepEqual(of('undoes in the opposite order and logs what it could not').log, [
		'could not remove the first: it is gone already',
	]);
});

test('a scenario has its own limit, which says what was awaited, and the next one is proven', async t => {
	const {verdicts, messages} = await prove(t, ['never-ends']);
	t.deepEqual(verdicts, {
		'never ends': 'broken',
		'waits for the product for too long': 'failed',
		'comes after it': 'passed',
	});
	t.regex(messages['never ends']!, /^Waited \d+\.\d s until it is proven. Last seen: nothing of the lab was under way/);
	t.regex(
		messages['waits for the product for too long']!,
		/until 2 tasks run \(\d+\.\d s, last seen: 1 of 2 tasks running\)/,
	);
});

test('only what the filter names is proven', async t => {
	const {verdicts} = await prove(t, ['verdicts', 'passes'], {filter: ['BY ITSELF', 'another']});
	t.deepEqual(verdicts, {'is skipped by itself': 'skipped', 'passes in another file': 'passed'});
});

test('what ends the process leaves a broken result for each of its scenarios, and other files are proven', async t => {
	const {verdicts, messages} = await prove(t, ['exits', 'killed', 'passes']);
	t.deepEqual(verdicts, {
		'passes in another file': 'passed',
		'ends the process': 'broken',
		'would come after the end': 'broken',
		'kills the process': 'broken',
	});
	t.regex(messages['ends the process']!, /^its process ended in the middle of it/);
	t.regex(messages['would come after the end']!, /^its process ended before it was its turn/);
});

test('a scenario that is announced wrongly makes its file broken, with the sentence that plan says', async t => {
	const {verdicts, messages} = await prove(t, ['wrong-needs', 'passes']);
	const file = 'harness/run/process/fixtures/wrong-needs.ts';
	t.is(verdicts['passes in another file'], 'passed');
	t.regex(
		Object.values(messages).join('\n'),
		/UsageError: harness\/run\/process\/fixtures\/wrong-needs\.ts:8: scenario\('wants a cluster that there is not'\): cluster: 'frsh' is not valid\. .* Did you mean 'fresh'\?/,
	);
	t.false(Object.entries(verdicts).some(([title, verdict]) => !title.startsWith('passes') && verdict === 'passed'));
	t.true(Object.keys(verdicts).some(title => title.includes(file) || title.includes('stands before')));
});

test('a path is not a glob, whatever characters are in it, and JavaScript is proven, too', async t => {
	// In the project, and where no test that reads all its sources looks while it comes and goes.
	const folder = fs.mkdtempSync(path.join(packageRoot, 'odd-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	const names = ['[ab] {c,d}.ts', 'a+(b) @!x.ts', 'q?*.ts', 'plain.js', 'ü é.mts'];
	const text = (name: string) =>
		`import {scenario} from 'swarmlab';\nscenario(${JSON.stringify(name)}, {}, async t => t.pass());\n`;
	const files = names.map(name => path.join(folder, name));
	for (const [index, file] of files.entries()) {
		fs.writeFileSync(file, text(names[index]!));
	}

	const {verdicts} = await prove(t, files);
	t.deepEqual(verdicts, Object.fromEntries(names.map(name => [name, 'passed'])));
});

test('a file that does not load, or throws, is broken in its own words', async t => {
	const {verdicts, messages} = await prove(t, ['does-not-load', 'throws', 'passes']);
	const silent = 'harness/run/process/fixtures/does-not-load.ts proves something';
	t.deepEqual(verdicts, {'passes in another file': 'passed', [silent]: 'broken', 'stands before the throw': 'broken'});
	t.regex(messages[silent]!, /noSuchName/);
});

test('a process that hangs is ended, and the files after it are proven', async t => {
	const {verdicts, messages} = await prove(t, ['endless-loop', 'loads-for-ever', 'passes'], {patience: silenceSeconds});
	const silent = 'harness/run/process/fixtures/loads-for-ever.ts proves something';
	t.deepEqual(verdicts, {
		'passes in another file': 'passed',
		[silent]: 'broken',
		'loops for ever': 'broken',
		'would come after the loop': 'broken',
	});
	t.regex(messages['loops for ever']!, /an endless loop/);
	t.regex(messages[silent]!, /did not finish loading/);
});

test('at an abort, it ends the process and all that it started', async t => {
	const controller = new AbortController();
	const {results, started} = await prove(t, ['endless-loop', 'passes'], {
		signal: controller.signal,
		onStarted: () => controller.abort(),
	});
	t.deepEqual(started, ['loops for ever']);
	// Had it waited for its patience instead, the loop and what comes after it would be in the results.
	t.deepEqual(results, []);
});

/** What the fixtures announce. */
async function announced(...names: string[]): Promise<PlannedScenario[]> {
	return (
		await planScenarios(
			names.map(name => path.join(fixtures, `${name}.ts`)),
			{folder: '/'},
		)
	).scenarios;
}

const named = (claims: readonly {file: string; title: string}[]) =>
	claims.map(({file, title}) => `${path.basename(file, '.ts')}: ${title}`);

/**
 * An order in which both files are taken up again and again, and this scenario is the last of its part. It is looked for, as
 * what a seed makes depends on where the files lie.
 */
function orderInParts(scenarios: PlannedScenario[], last: string): PlannedScenario[] {
	const files = [...new Set(scenarios.map(({file}) => path.join(packageRoot, file)))];
	for (let seed = 0; seed < 1000; seed += 1) {
		const order = inOrder(scenarios, {seed, repetition: 1});
		const steps = avaStartsOf({files, announced: scenarios, order, whole: false, workspace: packageRoot});
		const ends = steps.map(({only}) => only!.at(-1)!);
		if (steps.length >= 3 && ends.some(each => 'title' in each && each.title === last)) {
			return order;
		}
	}

	throw new Error('no seed makes such an order');
}

test('an order from a seed goes across files and within them, and each scenario has one result', async t => {
	const scenarios = await announced('order-one', 'order-two');
	t.is(scenarios.length, 8);
	const order = orderInParts(scenarios, 'two 2 ends the process');
	t.notDeepEqual(named(order), named(scenarios));
	const {results, started} = await prove(t, ['order-one', 'order-two'], {scenarios, order});
	const late = {title: 'one, only known when it is proven', file: scenarios[0]!.file};
	t.deepEqual(
		started.filter(title => title !== late.title),
		order.map(({title}) => title),
	);
	t.deepEqual(named(results).sort(), named([...scenarios, late]).sort());
	const of = (title: string) => results.filter(each => each.title === title).map(({verdict}) => verdict);
	t.deepEqual(of('two 1 fails'), ['failed']);
	t.deepEqual(of('two 2 ends the process'), ['broken']);
	t.deepEqual(of('in both files'), ['passed', 'passed']);
	t.deepEqual(of('two 3'), ['passed']);
});

test('in an order, what ends the process or hangs costs only itself, and what does not load is reported', async t => {
	const names = ['does-not-load', 'endless-loop', 'order-two', 'throws'];
	const scenarios = await announced('endless-loop', 'order-two', 'throws');
	const order = inOrder(scenarios, {seed: 2, repetition: 1});
	const {results, messages} = await prove(t, names, {scenarios, order, patience: silenceSeconds});
	const silent = 'harness/run/process/fixtures/does-not-load.ts proves something';
	// A file that throws announces nothing; what it had registered by then stands in the results all the same.
	const expected = [...scenarios.map(({title}) => title), silent, 'stands before the throw'];
	t.deepEqual(results.map(({title}) => title).sort(), expected.sort());
	t.regex(messages['loops for ever']!, /an endless loop/);
	t.regex(messages[silent]!, /noSuchName/);
});

test('in an order, only what the cell asks for is proven', async t => {
	const scenarios = (await announced('order-one', 'order-two')).filter(({title}) => /both|one/.test(title));
	const only = scenarios.map(({file, title}) => ({file, title}));
	const order = inOrder(scenarios, {seed: 5, repetition: 1});
	const {results} = await prove(t, ['order-one', 'order-two'], {scenarios, order, only});
	t.deepEqual(named(results), named(order));
});

test('an exit code that no scenario of its process explains is reported, though another process of the file had a red one', async t => {
	const scenarios = await announced('order-leaves');
	const order = scenarios.toReversed();
	const {results} = await prove(t, ['order-leaves'], {scenarios, order});
	t.deepEqual(
		results.map(({title, verdict}) => [title, verdict]),
		[
			['fails', 'failed'],
			['leaves something that rejects', 'passed'],
			['the scenario process ends well', 'broken'],
		],
	);
});
