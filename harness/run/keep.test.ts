/** `--keep=failed`, in memory: what stays up is where something did not pass, one swarm of a cell at most. */
import {rmSync} from 'node:fs';
import test from 'ava';
import type {PlannedScenario, Verdict} from '../model/index.ts';
import {cellOf, inMemory, listener, optionsOf, ownPlaces} from './fixtures/in-memory.ts';

const places = ownPlaces();
const {runMatrix} = await import('./run.ts');
const {cellsUp, takeDown} = await import('./by-hand.ts');
const {readLeases} = await import('../processes/leases.ts');
test.after.always(() => rmSync(places, {recursive: true, force: true}));

test.afterEach.always(async () => {
	for (const up of cellsUp()) {
		await takeDown(up);
	}
});

async function run(
	verdicts: Record<string, Verdict>,
	more: Parameters<typeof optionsOf>[1] = {},
	claims: PlannedScenario[] = ['one', 'two'].map(title => ({title, file: 'scenarios/a.ts'})),
) {
	const world = inMemory({prove: ({title}) => ({verdict: verdicts[title] ?? 'passed'})});
	const {reports} = listener();
	const outcome = await runMatrix(optionsOf(claims, {keep: 'failed', ...more}), reports, world.dependencies);
	return {...outcome, done: world.done};
}

test.serial('a cell on which all passed is taken down, and nothing is left', async t => {
	const {done, kept} = await run({});
	t.true(done.includes('down 1'));
	t.is(kept, undefined);
	t.deepEqual(readLeases(), []);
});

for (const verdict of ['failed', 'broken'] as const) {
	test.serial(`a cell on which something is ${verdict} stays up, and is named`, async t => {
		const {done, kept, summary} = await run({one: verdict});
		t.deepEqual(done, ['artifacts', 'provision 1', 'prove 1 one', 'provision 2', 'prove 2 two', 'down 2']);
		t.deepEqual(kept, {run: summary.run, cells: ['memory-k6.1.1-d26.1.5-1m0w']});
		t.deepEqual(
			cellsUp().map(({handle}) => handle.run),
			[summary.run],
		);
	});
}

test.serial('of two cells only the red one stays', async t => {
	const claims: PlannedScenario[] = [{title: 'one', file: 'scenarios/a.ts'}];
	const world = inMemory({
		prove: (_, {provisioned}) => ({verdict: provisioned === 1 ? 'failed' : 'passed'}),
	});
	const cells = [cellOf('memory-first'), cellOf('memory-second')];
	const {kept} = await runMatrix(optionsOf(claims, {keep: 'failed', cells}), listener().reports, world.dependencies);
	t.deepEqual(kept?.cells, ['memory-first']);
	t.deepEqual(
		world.done.filter(each => each.startsWith('down')),
		['down 2'],
	);
});

test.serial(
	'a scenario with swarms of its own leaves the first that is red, and no other until the cell ends',
	async t => {
		const verdicts: Verdict[] = ['passed', 'failed', 'broken', 'failed'];
		const world = inMemory({prove: (_, {provisioned}) => ({verdict: verdicts[provisioned - 1]!})});
		const claims: PlannedScenario[] = [{title: 'one', file: 'scenarios/a.ts', cluster: 'fresh'}];
		const {kept} = await runMatrix(
			optionsOf(claims, {keep: 'failed', repeat: 4}),
			listener().reports,
			world.dependencies,
		);
		t.deepEqual(world.done, [
			...['artifacts', 'provision 1', 'prove 1 one', 'down 1', 'provision 2', 'prove 2 one'],
			...['provision 3', 'prove 3 one', 'down 3', 'provision 4', 'prove 4 one', 'down 4'],
		]);
		t.is(kept?.cells.length, 1);
	},
);

test.serial('a run that --max-failures ends keeps the failure', async t => {
	const {done, kept} = await run({one: 'failed'}, {maxFailures: 1});
	t.false(done.some(each => each.startsWith('down')));
	t.is(kept?.cells.length, 1);
});

test.serial('a failure that is known keeps nothing', async t => {
	const knownFailures = [{scenario: 'one', issue: 'moby/moby#1', until: '2999-01-01'}];
	const {kept} = await run({one: 'failed'}, {knownFailures});
	t.is(kept, undefined);
	t.deepEqual(readLeases(), []);
});
