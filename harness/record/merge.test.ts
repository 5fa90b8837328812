import test from 'ava';
import {UsageError} from '../errors.ts';
import type {Event} from '../model/index.ts';
import {cells, sampleRun} from './fixtures/sample-run.ts';
import {dividedRecord} from './fixtures/shards.ts';
import {mergeRecords} from './merge.ts';
import {exitCode} from './summary/exit-code.ts';
import {summarise} from './summary/summarise.ts';

const ids = cells.map(({id}) => id);
const whole = sampleRun();
const [a, b, c] = dividedRecord(whole, [ids.slice(0, 1), ids.slice(1, 4), ids.slice(4)]) as [Event[], Event[], Event[]];
const named = (...parts: Event[][]) => parts.map((events, index) => ({name: `run-${index + 1}`, events}));
const merge = (...parts: Event[][]) => mergeRecords(named(...parts), 'merged', ['swarmlab', 'merge']);

test('the shards of a run, in any order, come to the same cells, cases and counts as one machine', t => {
	const alone = summarise(whole);
	const {events, missing} = merge(c, a, b);
	const merged = summarise(events);
	t.deepEqual(missing, []);
	t.deepEqual(merged.cells, alone.cells);
	t.deepEqual(merged.counts, alone.counts);
	t.is(merged.flaky, alone.flaky);
	t.deepEqual(merged.scenarios, alone.scenarios);
	t.is(merged.state, 'finished');
	t.is(exitCode(merged), exitCode(alone));
	t.is(merged.run, 'merged');
	t.deepEqual(merged.problems, []);
	t.is(merged.startedAt, alone.startedAt);
});

test('each shard has a note with its run and its host', t => {
	const notes = summarise(merge(a, b, c).events).notices.map(({message}) => message);
	t.true(notes.includes('shard 2/3 is the run shard-2 on runner-1 (tcg, 2 CPUs)'));
	t.true(notes.some(message => message.startsWith('shard 1/3: KVM does not work')));
});

test('what no shard ran is broken: each of its cells, and each claim on them', t => {
	const {events, missing} = merge(a, c);
	t.deepEqual(missing, [2]);
	const merged = summarise(events);
	t.deepEqual(
		merged.cells.map(({cell}) => cell.id),
		ids,
	);
	for (const {cases, state} of merged.cells.slice(1, 4)) {
		t.is(state, 'broken');
		t.is(cases.length, 9);
		for (const {title, verdict, reason} of cases) {
			t.is(verdict, 'broken', title);
			t.is(reason!.message, 'no shard ran it: the shard 2/3 is missing');
		}
	}

	t.deepEqual(merged.cells[0], summarise(whole).cells[0]);
	t.is(exitCode(summarise(merge(a).events)), 2);
});

test('a shard that was killed leaves the run without an end, and what it had not proven is broken', t => {
	const torn = b.slice(0, -20);
	const merged = summarise(merge(a, torn, c).events);
	t.is(merged.state, 'unfinished');
	t.is(exitCode(merged), 2);
	t.true(merged.counts.broken > summarise(whole).counts.broken);
	t.is(merged.cells.length, ids.length);
});

test('a shard that was interrupted makes the run an interrupted one', t => {
	const at = b.at(-1)!.at;
	const stopped: Event[] = [...b.slice(0, -1), {event: 'run-interrupted', at, signal: 'SIGTERM'}, b.at(-1)!];
	const merged = summarise(merge(a, stopped, c).events);
	t.is(merged.state, 'interrupted');
	t.is(exitCode(merged), 2);
});

const [other] = dividedRecord(whole, [ids.slice(0, 1), ids.slice(1), []], 'p2') as [Event[]];
const [half] = dividedRecord(whole, [ids.slice(0, 3), ids.slice(3)]) as [Event[]];
const wrong: [what: string, parts: Event[][], message: RegExp][] = [
	['a run that was not planned', [a, whole], /^run-2 is no part of a plan: it was not run with --plan\.$/],
	['shards of two plans', [b, other], /^run-1 and run-2 are of two plans \(p1 and p2\)\.$/],
	['shards of two divisions', [b, half], /^run-1 is one of 3 shards, and run-2 one of 2: they overlap\.$/],
	['a shard twice', [a, b, b], /^The shard 2\/3 is there more than once: run-2, run-3\.$/],
	['a record without a start', [a, b.slice(1)], /^run-2 is no part of a plan/],
	['an empty record', [[]], /^run-1 is no part of a plan/],
];
for (const [what, parts, message] of wrong) {
	test(`${what} is refused`, t => {
		t.throws(() => merge(...parts), {instanceOf: UsageError, message});
	});
}
