/** The order of a run, in memory: what is done, what is undone, and what is reported. */
import {readdirSync, readFileSync, readlinkSync, rmSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {ArtifactError, HarnessError, NotApplicable, VariantRefused} from '../errors.ts';
import {mostTries} from '../expect/interval.ts';
import {isEnough, rateOf, rateText} from '../expect/rate.ts';
import {type NodeSpec, type PlannedScenario, uniform} from '../model/index.ts';
import type {Provider} from '../providers/provider.ts';
import {cellOf, inMemory, listener, optionsOf, ownPlaces, type Script} from './fixtures/in-memory.ts';

const places = ownPlaces();
const {runMatrix} = await import('./run.ts');
const {readLeases} = await import('../processes/leases.ts');
test.after.always(() => rmSync(places, {recursive: true, force: true}));

const claim = (title: string, more: Partial<PlannedScenario> = {}): PlannedScenario => ({
	title,
	file: 'scenarios/a.ts',
	...more,
});
const two = [claim('one'), claim('two')];

async function run(script: Script, options = optionsOf(two)) {
	const world = inMemory(script);
	const {events, reports} = listener();
	const outcome = await runMatrix(options, reports, world.dependencies);
	const {cells, leftovers} = outcome.summary;
	// That a cell came up is a case of its own.
	const claims = cells.flatMap(({cases}) => cases.filter(({file}) => file !== ''));
	const counts = Object.fromEntries(
		['passed', 'failed', 'broken', 'skipped'].map(name => [name, claims.filter(each => each.verdict === name).length]),
	);
	return {...outcome, done: world.done, machines: world.machines, events, counts, cells, leftovers};
}

const nothingLeft = () =>
	readLeases().length === 0 && readdirSync(path.join(places, 'runtime')).every(name => name === 'compiled');

test.serial('a cell is provisioned once, proven and taken down', async t => {
	const {done, exitCode, counts} = await run({});
	t.deepEqual(done, ['artifacts', 'provision 1', 'prove 1 one', 'prove 1 two', 'down 1']);
	t.is(exitCode, 0);
	t.is(counts.passed, 2);
	t.true(nothingLeft());
});

test.serial('a run whose host cannot be described ends before it has begun, and leaves no lease', async t => {
	const facts = () => {
		throw new HarnessError('the tool has no version');
	};
	await t.throwsAsync(run({facts}), {message: 'the tool has no version'});
	t.true(nothingLeft());
});

test.serial('a cell that the provider refuses is skipped with the reason, and nothing is built for it', async t => {
	const {done, exitCode, cells, counts} = await run({refuse: () => 'too small'});
	t.deepEqual(done, []);
	t.is(exitCode, 2);
	t.is(counts.skipped, 2);
	t.regex(cells[0]!.reason!.message, /too small/);
});

test.serial('what cannot be built breaks its cell, and the other cell is proven all the same', async t => {
	let asked = 0;
	const cells = [cellOf('memory-first'), cellOf('memory-second')];
	const {done, exitCode, counts, ...rest} = await run(
		{
			async artifacts() {
				asked += 1;
				if (asked === 1) {
					throw new ArtifactError('no such package');
				}
			},
		},
		optionsOf(two, {cells}),
	);
	t.deepEqual(done, ['artifacts', 'artifacts', 'provision 1', 'prove 1 one', 'prove 1 two', 'down 1']);
	t.is(exitCode, 2);
	t.is(counts.passed, 2);
	t.is(rest.cells[0]!.reason!.type, 'ArtifactError');
});

test.serial('nodes with other kernels, engines and sizes are brought up each from its own artifacts', async t => {
	const cell = cellOf('memory-mixed', {managers: 1, workers: 2});
	const [m1, w1, w2] = cell.nodes as [NodeSpec, NodeSpec, NodeSpec];
	const older = {...w1, engine: {...w1.engine, label: '20.10.24', version: '20.10.24'}};
	const larger = {...w2, kernel: {...w2.kernel, label: '6.12.1'}, memory: 32};
	const {machines, exitCode, cells} = await run({}, optionsOf(two, {cells: [{...cell, nodes: [m1, older, larger]}]}));
	t.is(exitCode, 0);
	t.deepEqual(
		machines.map(all =>
			all.map(({station, node, artifacts}) => [
				...[station.name, station.address, artifacts.kernel?.vmlinuz, artifacts.engine.disk],
				...[artifacts.engine.version, node.memory],
			]),
		),
		[
			[
				['m1', '10.99.0.1', 'vmlinuz of 6.1.1', 'disk of 26.1.5', '26.1.5', 16],
				['w1', '10.99.0.2', 'vmlinuz of 6.1.1', 'disk of 20.10.24', '20.10.24', 16],
				['w2', '10.99.0.3', 'vmlinuz of 6.12.1', 'disk of 26.1.5', '26.1.5', 32],
			],
		],
	);
	t.is(
		uniform(cells[0]!.cell, ({engine}) => engine.version),
		'26.1.5 (m1, w2), 20.10.24 (w1)',
	);
});

const newer = {...cellOf('').nodes[0]!.engine, label: '28.5.2', version: '28.5.2'};

test.serial('a cell to upgrade is skipped with that sentence, where nodes keep their engine', async t => {
	const cells = [{...cellOf('memory-to-28.5.2'), upgrade: [newer]}];
	const {done, exitCode, cells: told} = await run({}, optionsOf(two, {cells}));
	t.deepEqual(done, []);
	t.is(exitCode, 2);
	t.regex(told[0]!.reason!.message, /^The nodes of the provider memory keep their engine, .* not upgraded to 28\.5\.2/);
});

test.serial('a cell with helper containers is skipped with that sentence, where nodes do not reach them', async t => {
	const registry = {name: 'registry', from: {type: 'image' as const, image: 'registry:2'}};
	const services = [{...registry, environment: {}, ports: [5000], files: {}}];
	const {done, exitCode, cells: told} = await run({}, optionsOf(two, {cells: [{...cellOf('memory'), services}]}));
	t.deepEqual(done, []);
	t.is(exitCode, 2);
	t.regex(told[0]!.reason!.message, /^The nodes of the provider memory have a network .* do not reach registry: /);
});

test.serial('a node that can be upgraded is brought up with what each engine starts from', async t => {
	const cells = [{...cellOf('memory-to-28.5.2'), upgrade: [newer]}];
	const {machines, exitCode} = await run({upgrades: true}, optionsOf(two, {cells}));
	t.is(exitCode, 0);
	const [[machine] = []] = machines;
	t.is(machine?.artifacts.engine.disk, 'disk of 26.1.5');
	t.deepEqual(machine?.artifacts.upgrades, {'28.5.2': {disk: 'disk of 28.5.2', version: '28.5.2'}});
});

test.serial('a swarm that does not come up breaks its cell: nothing of it is proven, and nothing is left', async t => {
	const {done, exitCode, counts, cells} = await run({
		provision() {
			throw new HarnessError('m1 does not answer');
		},
	});
	t.deepEqual(done, ['artifacts', 'provision 1']);
	t.is(exitCode, 2);
	t.is(counts.passed, 0);
	t.is(cells[0]!.reason!.message, 'm1 does not answer');
	t.true(nothingLeft());
});

test.serial('what was tried again on the way is counted, and the verdict stays', async t => {
	const {exitCode, cells} = await run({provision: (_, retry) => retry('the first boot hung')});
	t.is(exitCode, 0);
	t.deepEqual(
		cells[0]!.retries.map(({reason}) => reason.message),
		['the first boot hung'],
	);
});

test.serial(
	'a scenario that changed the cluster has it replaced, and only what is left is proven on the new one',
	async t => {
		const {done, exitCode, cells} = await run(
			{prove: ({title}) => ({verdict: 'passed', ...(title === 'two' && {changes: ['a network is left']})})},
			optionsOf([...two, claim('three')]),
		);
		t.deepEqual(done, [
			...['artifacts', 'provision 1', 'prove 1 one', 'prove 1 two', 'down 1'],
			...['provision 2', 'prove 2 three', 'down 2'],
		]);
		t.is(exitCode, 0);
		t.regex(cells[0]!.notices.map(({message}) => message).join(), /“two” changed the cluster.*a network is left/);
	},
);

test.serial('repetitions share a cluster, and a scenario that wants its own gets a new one each time', async t => {
	const {done} = await run({}, optionsOf([claim('one'), claim('alone', {cluster: 'fresh'})], {repeat: 2}));
	t.deepEqual(done.filter(each => /one|^provision|^down/.test(each)).length, 2 + 3 + 3 + 2);
	const clusters = (title: string) => done.filter(each => each.endsWith(title)).map(each => each.split(' ')[1]);
	t.is(new Set(clusters(' one')).size, 1);
	t.is(new Set(clusters(' alone')).size, 2);
});

test.serial('the record has what the providers of the cells say of this host', async t => {
	const {dependencies} = inMemory();
	const other: Provider = {
		...dependencies.providers.memory!,
		facts() {
			throw new TypeError('No cell is of this provider');
		},
	};
	const all = {...dependencies, providers: {...dependencies.providers, other}};
	const {summary} = await runMatrix(optionsOf(two), listener().reports, all);
	t.deepEqual(summary.host?.facts, {memory: 'version 1'});
});

test.serial('a red scenario does not keep the others from being proven', async t => {
	const {done, exitCode, counts} = await run({prove: ({title}) => ({verdict: title === 'one' ? 'failed' : 'passed'})});
	t.true(done.includes('prove 1 two'));
	t.is(exitCode, 1);
	t.like(counts, {failed: 1, passed: 1});
});

test.serial(
	'after as many failures as allowed a run ends: what was not proven has no verdict, and failed comes first',
	async t => {
		const {done, exitCode, counts, summary} = await run(
			{
				async prove({title}, {signal}) {
					if (title === 'two') {
						await new Promise(resolve => {
							signal!.addEventListener('abort', resolve, {once: true});
						});
					}

					signal!.throwIfAborted();
					return {verdict: 'failed'};
				},
			},
			optionsOf([...two, claim('three')], {maxFailures: 1}),
		);
		t.deepEqual(done, ['artifacts', 'provision 1', 'prove 1 one', 'prove 1 two', 'down 1']);
		t.is(exitCode, 1);
		t.like(counts, {failed: 1, broken: 1, skipped: 1, passed: 0});
		t.true(summary.notices.some(({message}) => message === 'The run ended after a failure (--max-failures)'));
		t.true(nothingLeft());
	},
);

test.serial('a failure that is known does not end a run', async t => {
	const knownFailures = [{scenario: 'one', issue: 'moby/moby#1', until: '2999-01-01'}];
	const {counts, exitCode} = await run(
		{prove: ({title}) => ({verdict: title === 'one' ? 'failed' : 'passed'})},
		optionsOf(two, {maxFailures: 1, knownFailures}),
	);
	t.is(exitCode, 0);
	t.like(counts, {passed: 1, broken: 0});
});

test.serial('until something fails, each group repeats; then no repetition begins, and nothing is missing', async t => {
	let tries = 0;
	const {exitCode, cells} = await run(
		{prove: () => ({verdict: ++tries === 3 ? 'failed' : 'passed'})},
		optionsOf([claim('one')], {repeat: 1000, untilFailure: true}),
	);
	t.is(tries, 3);
	t.is(exitCode, 1);
	t.like(cells[0]!.cases[1]!.repetitions, {passed: 2, failed: 1, broken: 0});
});

test.serial('an interrupted run takes its machines down, reports what it has, and is not green', async t => {
	const {done, exitCode, counts, summary} = await run({
		async prove({title}, {signal}) {
			if (title === 'two') {
				process.emit('SIGHUP', 'SIGHUP');
				signal!.throwIfAborted();
			}

			return {verdict: 'passed'};
		},
	});
	t.deepEqual(done, ['artifacts', 'provision 1', 'prove 1 one', 'prove 1 two', 'down 1']);
	t.is(exitCode, 2);
	t.is(summary.state, 'interrupted');
	t.is(counts.passed, 1);
	t.true(nothingLeft());
});

test.serial('machines that cannot be ended are reported as left over', async t => {
	const {cells, leftovers} = await run({left: ['process 7']});
	const all = [...leftovers, ...cells.flatMap(each => each.leftovers)];
	t.deepEqual(
		all.map(({what}) => what),
		['process 7'],
	);
});

test.serial(
	'with keep the last cluster stays up and is known to its lease; an earlier one that was changed goes',
	async t => {
		const {done} = await run(
			{prove: ({title}) => ({verdict: 'passed', ...(title === 'one' && {changes: ['a network is left']})})},
			optionsOf(two, {keep: true}),
		);
		t.deepEqual(done, ['artifacts', 'provision 1', 'prove 1 one', 'down 1', 'provision 2', 'prove 2 two']);
		const [lease, ...others] = readLeases();
		t.deepEqual(others, []);
		t.true(lease!.kept);
		const up = lease!.cells.map(file => JSON.parse(readFileSync(file, 'utf8')) as object);
		// What is up, and nothing of what was to be proven on it.
		t.deepEqual(
			up.map(each => Object.keys(each).sort()),
			[['cell', 'folder', 'machines', 'origin', 'run', 'schema', 'subject']],
		);
	},
);

test.serial('a scenario process that cannot be started breaks the cell, and its machines go down', async t => {
	const {done, exitCode, cells} = await run({
		prove() {
			throw new HarnessError('node is gone');
		},
	});
	t.is(done.at(-1), 'down 1');
	t.is(exitCode, 2);
	t.is(cells[0]!.reason!.message, 'node is gone');
});

const expecting = (fails: string) =>
	claim('it holds', {
		reproduction: {issue: 'moby/moby#1', expected: [{fails, because: 'so'}], managers: 1, workers: 0},
	});

test.serial('tries of a report end when its rate is known, each on machines of its own', async t => {
	const options = optionsOf([expecting('26')], {repeat: mostTries, enough: isEnough, isolated: true});
	const {done, exitCode, cells} = await run({prove: () => ({verdict: 'failed'})}, options);
	t.deepEqual(
		done.filter(each => /^(prove|down)/.test(each)),
		[1, 2, 3].flatMap(number => [`prove ${number} it holds`, `down ${number}`]),
	);
	t.is(exitCode, 0);
	const [, found] = cells[0]!.cases;
	t.like(found, {verdict: 'known', expectation: {relation: 'known failure', issue: 'moby/moby#1'}});
	t.is(rateText(rateOf(found!.repetitions)), 'reproduced, 3 of 3');
});

test.serial('a report that shows in one of its tries is flaky, with its rate', async t => {
	let tries = 0;
	const prove = () => ({verdict: ++tries === 2 ? ('failed' as const) : ('passed' as const)});
	const options = optionsOf([expecting('26')], {repeat: mostTries, enough: isEnough, isolated: true});
	const {exitCode, cells} = await run({prove}, options);
	t.is(tries, 5);
	t.is(rateText(rateOf(cells[0]!.cases[1]!.repetitions)), 'flaky, 1 of 5');
	t.is(exitCode, 0);
});

test.serial(
	'a surprise is red: a claim that passes where it should fail, and one that fails where it should pass',
	async t => {
		const passed = await run({}, optionsOf([expecting('26')]));
		t.is(passed.exitCode, 1);
		t.like(passed.cells[0]!.cases[1], {verdict: 'failed', expectation: {relation: 'surprise'}});
		const failed = await run({prove: () => ({verdict: 'failed'})}, optionsOf([expecting('<26')]));
		t.is(failed.exitCode, 1);
		t.regex(
			failed.cells[0]!.cases[1]!.reason!.message,
			/^surprise, it should pass here \(moby\/moby#1\): it is failed/,
		);
	},
);

test.serial('a known failure of the config is not red until its day', async t => {
	const known = (until: string) => [{scenario: 'ONE', cell: 'k6.1.1', issue: 'moby/moby#2', until}];
	const prove = ({title}: PlannedScenario) => ({verdict: title === 'one' ? ('failed' as const) : ('passed' as const)});
	const before = await run({prove}, optionsOf(two, {knownFailures: known('9999-01-01')}));
	t.is(before.exitCode, 0);
	t.regex(before.cells[0]!.cases[1]!.reason!.message, /^known failure \(moby\/moby#2\): it is failed/);
	const after = await run({prove}, optionsOf(two, {knownFailures: known('2020-01-01')}));
	t.is(after.exitCode, 1);
	t.regex(after.cells[0]!.cases[1]!.reason!.message, /to be looked at again since 2020-01-01/);
});
for (const verdict of ['skipped', 'failed'] as const) {
	test.serial(
		`an engine that refuses a variant makes the cell ${verdict}, as the variant says, in its own words`,
		async t => {
			const provision = () => {
				throw new VariantRefused('m1: Docker 26.1.5 does not start with the variant a: no such driver', verdict);
			};
			const {done, exitCode, cells, counts} = await run({provision});
			t.deepEqual(done, ['artifacts', 'provision 1']);
			t.is(cells[0]!.state, verdict);
			t.is(cells[0]!.cases[0]!.verdict, verdict);
			t.regex(cells[0]!.reason!.message, /does not start with the variant a: no such driver$/);
			t.is(counts.skipped, 2, 'its claims are not refuted');
			t.is(exitCode, verdict === 'failed' ? 1 : 2);
		},
	);
}

test.serial('a scenario with options for its swarm has a swarm formed with them, and no other has', async t => {
	const formed: unknown[] = [];
	const init = {dataPathPort: 5789};
	const {done, counts} = await run(
		{
			provision(_, __, given) {
				formed.push(given);
			},
		},
		optionsOf([claim('one'), claim('two', {cluster: 'new', init})]),
	);
	t.deepEqual(
		done.filter(each => each.startsWith('prove')),
		['prove 1 one', 'prove 2 two'],
	);
	t.deepEqual(formed, [undefined, init]);
	t.is(counts.passed, 2);
});

test.serial(
	'an engine that refuses the options of a scenario skips that scenario, and the others are proven',
	async t => {
		const {cells, counts, exitCode} = await run(
			{
				provision(_, __, given) {
					if (given) {
						throw new NotApplicable('with the options {"subnetSize":8}, m1: swarm init: the engine answered 400');
					}
				},
			},
			optionsOf([claim('one'), claim('two', {cluster: 'new', init: {subnetSize: 8}})]),
		);
		t.is(cells[0]!.state, 'tested');
		t.like(counts, {passed: 1, skipped: 1});
		t.regex(cells[0]!.cases.at(-1)!.reason!.message, /the engine answered 400/);
		t.is(exitCode, 0);
	},
);

test.serial('evidence of what passed is taken if it is asked for, of isolated tries once', async t => {
	const assignments = async (more: Partial<ReturnType<typeof optionsOf>>) => {
		const world = inMemory({});
		const seen: (true | undefined)[] = [];
		const prove = world.dependencies.runScenarios;
		await runMatrix(optionsOf(two, more), listener().reports, {
			...world.dependencies,
			runScenarios: async request => {
				seen.push(request.assignment.evidenceOfPassed);
				return prove(request);
			},
		});
		return seen;
	};
	t.deepEqual(await assignments({repeat: 2}), [undefined, undefined]);
	t.deepEqual(await assignments({repeat: 2, evidenceOfPassed: true}), [true, true]);
	t.deepEqual(await assignments({repeat: 2, evidenceOfPassed: true, isolated: true, scenarios: two.slice(0, 1)}), [
		true,
		undefined,
	]);
});

/** Whatever was brought up was taken down. */
const allDown = (done: string[]) =>
	done.filter(each => each.startsWith('down')).length === done.filter(each => each.startsWith('provision')).length;

const fails = (title: string) => (scenario: PlannedScenario) => ({
	verdict: scenario.title === title ? ('failed' as const) : ('passed' as const),
});

test.serial(
	'a failure that is new is proven again on fresh machines until its rate is known, and every try is a result',
	async t => {
		const again = {of: () => [claim('two')], isDecided: isEnough, mostTries};
		const {done, exitCode, cells, counts} = await run({prove: fails('two')}, optionsOf(two, {again}));
		t.deepEqual(
			done.filter(each => !each.startsWith('down')),
			[
				...['artifacts', 'provision 1', 'prove 1 one', 'prove 1 two'],
				...['provision 2', 'prove 2 two', 'provision 3', 'prove 3 two'],
			],
		);
		t.is(done.filter(each => each.startsWith('down')).length, 3);
		t.is(exitCode, 1);
		t.is(counts.failed, 1);
		const found = cells[0]!.cases.find(({title}) => title === 'two')!;
		t.is(found.repetitions.failed, 3);
		t.true(allDown(done));
	},
);

test.serial('a failure that does not come again is flaky, with every try', async t => {
	let tries = 0;
	const prove = ({title}: PlannedScenario) => {
		tries += title === 'two' ? 1 : 0;
		return {verdict: title === 'two' && tries === 1 ? ('failed' as const) : ('passed' as const)};
	};
	const again = {of: () => [claim('two')], isDecided: isEnough, mostTries};
	const {cells, done} = await run({prove}, optionsOf(two, {again}));
	const found = cells[0]!.cases.find(({title}) => title === 'two')!;
	t.true(found.flaky);
	t.is(found.repetitions.failed, 1);
	t.is(found.repetitions.passed, 4);
	t.true(allDown(done));
});

test.serial('machines that do not come up for another try break no result that is there', async t => {
	const again = {of: () => [claim('two')], isDecided: isEnough, mostTries};
	const provision = (number: number) => {
		if (number > 1) {
			throw new HarnessError('no machine');
		}
	};
	const {cells, counts, events, done} = await run({prove: fails('two'), provision}, optionsOf(two, {again}));
	t.is(cells[0]!.state, 'tested');
	t.is(counts.failed, 1);
	t.true(
		events.some(each => each.event === 'notice' && /two: it could not be proven again: no machine/.test(each.message)),
	);
	t.deepEqual(
		done.filter(each => each.startsWith('down')),
		['down 1'],
	);
});

test.serial('the run is judged once, when all is proven, and what is red decides the exit code', async t => {
	const verdict = (change: 'new' | 'still failing') => ({
		...{asked: 'last-good', failOn: ['new' as const], versions: [], notices: []},
		changes: [{change, cell: 'memory', file: 'scenarios/a.ts', title: 'two', says: ''}],
	});
	for (const [change, code] of [
		['new', 1],
		['still failing', 0],
	] as const) {
		const seen: number[] = [];
		const {exitCode, events, summary} = await run(
			{prove: fails('two')},
			optionsOf(two, {
				judge(all) {
					seen.push(all.filter(each => each.event === 'result').length);
					return verdict(change);
				},
			}),
		);
		t.deepEqual(seen, [2]);
		t.is(exitCode, code);
		t.deepEqual(summary.nightly, verdict(change));
		t.deepEqual(
			events.slice(-2).map(({event}) => event),
			['judged', 'run-finished'],
		);
	}
});

test.serial('a run within another has its folder there, and latest stays the other', async t => {
	const outer = await run({});
	const inner = await run({}, optionsOf(two, {within: path.join(outer.folder, 'more')}));
	t.is(path.dirname(inner.folder), path.join(outer.folder, 'more'));
	t.is(readlinkSync(path.join(places, 'runs', 'latest')), path.basename(outer.folder));
});
