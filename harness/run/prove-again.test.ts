/** Claims that said nothing are proven once more, in memory. New failures that are proven again: run.test.ts. */
import {rmSync} from 'node:fs';
import test from 'ava';
import {HarnessError} from '../errors.ts';
import type {PlannedScenario} from '../model/index.ts';
import {cellOf, inMemory, listener, optionsOf, ownPlaces, type Script} from './fixtures/in-memory.ts';

const places = ownPlaces();
const {runMatrix} = await import('./run.ts');
test.after.always(() => rmSync(places, {recursive: true, force: true}));

const claims = ['one', 'two'].map((title): PlannedScenario => ({title, file: 'scenarios/a.ts'}));

async function run(script: Script, options = optionsOf(claims)) {
	const world = inMemory(script);
	const {events, reports} = listener();
	const {exitCode, summary} = await runMatrix(options, reports, world.dependencies);
	const cases = Object.fromEntries(summary.cells[0]!.cases.map(each => [each.title, each]));
	const notices = events.flatMap(each => (each.event === 'notice' ? [each.message] : []));
	return {done: world.done, exitCode, cases, notices};
}

/** The host is too busy at the first tries of the claim `two`, so many of them. Then the claim has the verdict. */
function busyAt(tries: number, then: 'passed' | 'failed' = 'passed', type = 'StarvedHost'): Script['prove'] {
	let tried = 0;
	return ({title}) => {
		if (title !== 'two') {
			return {verdict: 'passed'};
		}

		tried++;
		return tried <= tries ? {verdict: 'broken', type} : {verdict: then};
	};
}

for (const type of ['StarvedHost', 'WrongClock']) {
	test.serial(`a claim that said nothing is proven once more, and the second try counts: ${type}`, async t => {
		const {done, exitCode, cases, notices} = await run({prove: busyAt(1, 'passed', type)});
		t.deepEqual(done, [
			...['artifacts', 'provision 1', 'prove 1 one', 'prove 1 two', 'down 1'],
			...['provision 2', 'prove 2 two', 'down 2'],
		]);
		t.is(exitCode, 0);
		t.like(cases.two, {verdict: 'passed', flaky: false, repetitions: {passed: 1, broken: 0}});
		t.deepEqual(
			cases.two!.otherTries.map(({verdict, reason}) => [verdict, reason.type]),
			[['broken', type]],
		);
		t.deepEqual(notices, ['A claim said nothing, as this host was too busy: proven once more']);
	});
}

test.serial('a second try that fails is a failure', async t => {
	const {exitCode, cases} = await run({prove: busyAt(1, 'failed')});
	t.is(exitCode, 1);
	t.is(cases.two!.verdict, 'failed');
});

test.serial('a host that is still too busy gets no third try', async t => {
	const {done, exitCode, cases} = await run({prove: busyAt(2)});
	t.is(done.filter(each => each.endsWith('two')).length, 2);
	t.is(exitCode, 2);
	t.is(cases.two!.verdict, 'broken');
});

test.serial('only the repetition that said nothing is made again', async t => {
	const {done, exitCode, cases} = await run({prove: busyAt(1)}, optionsOf(claims, {repeat: 2}));
	t.deepEqual(
		done.filter(each => each.startsWith('prove')),
		['prove 1 one', 'prove 1 two', 'prove 1 one', 'prove 1 two', 'prove 2 two'],
	);
	t.is(exitCode, 0);
	t.like(cases.two, {verdict: 'passed', flaky: false, repetitions: {passed: 2, broken: 0}});
});

test.serial('what is broken for another reason is not proven again', async t => {
	const {done, exitCode} = await run({prove: busyAt(1, 'passed', 'WaitError')});
	t.is(done.filter(each => each.endsWith('two')).length, 1);
	t.is(exitCode, 2);
});

test.serial('what is to be looked at stays as it is: with --keep nothing is proven again', async t => {
	const {done} = await run({prove: busyAt(1)}, optionsOf(claims, {keep: 'failed'}));
	t.is(done.filter(each => each.endsWith('two')).length, 1);
});

test.serial('a stack does not come up again for it', async t => {
	const stack = {
		...{kind: 'rehearsal' as const, label: 'rehearsal', what: 'a rehearsal', release: 'master', revision: '1'},
		...{exercises: [], localrc: {}, retryWithRemedy: false},
	};
	const scenarios = claims.map(each => ({...each, stack: {}}));
	const {done} = await run(
		{prove: busyAt(1)},
		optionsOf(scenarios, {cells: [{...cellOf('memory'), subject: {stack}}]}),
	);
	t.is(done.filter(each => each.endsWith('two')).length, 1);
});

test.serial('machines that do not come up for the second try leave the claim broken', async t => {
	const provision = (number: number) => {
		if (number > 1) {
			throw new HarnessError('no machine');
		}
	};
	const {exitCode, cases, notices} = await run({prove: busyAt(1), provision});
	t.is(exitCode, 2);
	t.is(cases.two!.verdict, 'broken');
	t.true(notices.includes('two: it could not be proven again: no machine'), notices.join('\n'));
});
