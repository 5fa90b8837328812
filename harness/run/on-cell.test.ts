/** Proving on a cell that is up, in memory: nothing is started or ended, and the cell is used as it is. */
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {HarnessError, UsageError} from '../errors.ts';
import type {CellHandle, PlannedScenario} from '../model/index.ts';
import {cellOf, inMemory, listener, optionsOf, ownPlaces, type Script} from './fixtures/in-memory.ts';

const places = ownPlaces();
const {runMatrix} = await import('./run.ts');
const {requireUsable} = await import('./on-cell.ts');
const {cellsUp, findUp} = await import('./by-hand.ts');
const {matches} = await import('../match.ts');
const {readLeases, takeLease, writeLease} = await import('../processes/leases.ts');
const {cellHandleOf, writeCellFile} = await import('../provision/cell-file.ts');
const {workspace} = await import('../workspace.ts');
test.after.always(() => rmSync(places, {recursive: true, force: true}));

const fixtures = path.join(places, 'fixtures.ts');
const fixture = {name: 'webs', file: path.relative(workspace, fixtures)};
const claims: PlannedScenario[] = ['one', 'two'].map(title => ({title, file: 'scenarios/a.ts', fixture}));

/** A cell that is up, made by hand. */
function cellUp(pid?: number): CellHandle {
	const folder = path.join(places, 'runs', 'hand-1');
	mkdirSync(folder, {recursive: true});
	const machine = {
		...{name: 'm1', role: 'manager' as const, address: '10.99.0.1', engine: {socket: ''}, console: '/dev/null'},
		reach: {by: 'ssh' as const, host: '', port: 7, user: '', identityFile: '', controlPath: ''},
		...(pid !== undefined && {pid}),
	};
	const handle = cellHandleOf(
		{run: 'hand-1', cell: cellOf('memory-k6.1.1-d26.1.5-1m0w'), folder},
		{
			up: {machines: [machine]} as never,
			subject: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
			origin: 'cold boot',
		},
	);
	writeCellFile(handle);
	writeLease({...takeLease('hand-1'), kept: true, cells: [path.join(folder, 'cell.json')]});
	return handle;
}

async function run(script: Script, handle: CellHandle, more: Parameters<typeof optionsOf>[1] = {}) {
	const world = inMemory(script);
	const {events, reports} = listener();
	const options = optionsOf(claims, {origin: 'cold boot', cells: [handle.cell], onCell: handle, ...more});
	const outcome = await runMatrix(options, reports, world.dependencies);
	return {...outcome, done: world.done, events};
}

test.beforeEach(() => writeFileSync(fixtures, 'export const one = 1;'));

test.serial('nothing is built, started or taken down, and the cell is still up after the run', async t => {
	const handle = cellUp();
	const {done, exitCode, summary} = await run({}, handle);
	t.deepEqual(done, ['prove 7 one', 'prove 7 two']);
	t.is(exitCode, 0);
	t.deepEqual(summary.cells[0]!.leftovers, []);
	t.deepEqual(
		cellsUp().map(({handle}) => handle.run),
		['hand-1'],
	);
	t.deepEqual(
		readLeases().map(({id}) => id),
		['hand-1'],
	);
});

test.serial('a scenario that forms a swarm with options of its own is skipped, and the others are proven', async t => {
	const own: PlannedScenario = {title: 'own', file: 'scenarios/a.ts', cluster: 'new', init: {autolock: true} as never};
	const {done, events} = await run({}, cellUp(), {scenarios: [...claims, own]});
	t.deepEqual(done, ['prove 7 one', 'prove 7 two']);
	const result = events.find(each => each.event === 'result' && each.result.title === 'own');
	t.like(result, {result: {verdict: 'skipped'}});
	t.regex(JSON.stringify(result), /forms a swarm with options of its own/);
});

test.serial('after a scenario that changed the cell nothing is proven on it, and the rest is broken', async t => {
	const {done, summary, exitCode} = await run(
		{prove: ({title}) => ({verdict: 'passed', ...(title === 'one' && {changes: ['a node left']})})},
		cellUp(),
	);
	t.deepEqual(done, ['prove 7 one']);
	t.is(exitCode, 2);
	t.regex(summary.cells[0]!.reason?.message ?? '', /A scenario changed hand-1, and no other cell takes its place/);
});

test.serial('the fixture on the cell is used again, until the file that declares it changes', async t => {
	const handle = cellUp();
	const file = path.join(handle.folder, 'fixture.json');
	const description = JSON.stringify({key: `${fixture.file}: webs`, parts: {}});
	const make: Script = {
		prove() {
			if (!existsSync(file)) {
				writeFileSync(file, description);
				made += 1;
			}

			return {verdict: 'passed'};
		},
	};
	let made = 0;
	rmSync(file, {force: true});
	await run(make, handle);
	await run(make, handle);
	t.is(made, 1);
	t.is(readFileSync(file, 'utf8'), description);
	writeFileSync(fixtures, 'export const one = 2;');
	await run(make, handle);
	t.is(made, 2);
});

test.serial('a cell whose machine has died is refused by name, and so is one that does not answer', async t => {
	const dead = cellUp(2 ** 22 + 1);
	const [lease] = readLeases();
	await t.throwsAsync(requireUsable({lease: lease!, handle: dead}), {
		instanceOf: UsageError,
		message: /memory-k6\.1\.1-d26\.1\.5-1m0w \(hand-1\) has died: the process of m1 has ended/,
	});
	const silent = cellUp();
	const reach = () => Promise.reject(new HarnessError('m1 cannot be reached: no route'));
	await t.throwsAsync(requireUsable({lease: lease!, handle: silent}, reach), {
		instanceOf: UsageError,
		message: /does not answer: m1 cannot be reached: no route/,
	});
	await t.notThrowsAsync(requireUsable({lease: lease!, handle: silent}, async () => undefined));
});

test.serial('a cell that is not up is refused with the nearest, and with those that are up', t => {
	cellUp();
	const error = t.throws(() => findUp('hand-2', matches), {instanceOf: UsageError});
	t.regex((error as UsageError).remedy ?? '', /^Did you mean hand-1\? Up are: memory-\S+ \(hand-1\)$/);
});
