import test from 'ava';
import type {StackOutcome} from '../devstack/index.ts';
import type {Cell, PlannedScenario} from '../model/index.ts';
import type {NewEvent} from '../record/record.ts';
import type {RunContext} from './context.ts';
import {emitStackResults} from './stacked.ts';

const cell = {id: 'a-stack'} as Cell;
const scenarios: PlannedScenario[] = ['a', 'b'].flatMap(name => [
	{title: 'stack.sh completes', file: `scenarios/${name}.ts`, stack: {byRun: true}},
	{title: 'images', file: `scenarios/${name}.ts`, stack: {exercise: 'images'}},
]);
const completed = {completed: true, seconds: 9, log: {versions: {}}, earlier: [], files: []} as unknown as StackOutcome;
const failed = {
	...completed,
	...{completed: false, failure: {message: 'no disk', trace: [], lastWords: [], aftermath: []}},
} as unknown as StackOutcome;

/** File, title and verdict of each result. */
function reported(outcome: StackOutcome, planned = scenarios): string[] {
	const events: NewEvent[] = [];
	emitStackResults(
		{scenarios: planned, folder: '/', emit: event => void events.push(event)} as RunContext,
		cell,
		outcome,
	);
	return events.flatMap(each =>
		each.event === 'result' ? `${each.result.file} ${each.result.title}: ${each.result.verdict}` : [],
	);
}

test('each file that claims that stack.sh completes has the result of it', t => {
	t.deepEqual(reported(completed), [
		'scenarios/a.ts stack.sh completes: passed',
		'scenarios/b.ts stack.sh completes: passed',
	]);
});

test('where stack.sh failed each claim has one result, and only stack.sh is to blame', t => {
	t.deepEqual(reported(failed), [
		'scenarios/a.ts stack.sh completes: failed',
		'scenarios/b.ts stack.sh completes: failed',
		'scenarios/a.ts images: skipped',
		'scenarios/b.ts images: skipped',
	]);
});

test('what stack.sh came to is reported, though no file claims it', t => {
	t.deepEqual(reported(completed, [scenarios[1]!]), ['scenarios/a.ts stack.sh completes: passed']);
});
