/** Lines that lack their parts: reported with their number, never a TypeError, never greener than they were. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {Event, Result} from '../model/index.ts';
import {partsOf} from './events.ts';
import {findRun} from './find.ts';
import {asLines, cells} from './fixtures/sample-run.ts';
import {openRecord, parseRecord, readRecord, recordFile} from './record.ts';
import {exitCode} from './summary/exit-code.ts';
import {summarise} from './summary/summarise.ts';

const at = '2026-11-30T10:00:00.000Z';
const cell = cells[0]!;
const reason = {message: 'no', type: 'Error', details: ''};
const host = {
	...{hostname: 'h', os: 'o', kernel: 'k', cpus: 1, memory: 1, facts: {qemu: 'q'}},
	...({accelerator: 'tcg', acceleratorReason: 'r', swarmlab: '0.1.0'} as const),
};
const result: Result = {
	...{cell: cell.id, title: 'a claim', file: 'scenarios/a.ts', repetition: 1, verdict: 'passed', startedAt: at},
	...{seconds: 1, metrics: {}, evidence: [], log: []},
};

/** One whole line of each event. */
const lines: {[Name in Event['event']]: Extract<Event, {event: Name}>} = {
	'run-started': {
		...{at, event: 'run-started', run: 'r', command: [], host, cells: [cell]},
		scenarios: [{title: 'a claim', file: 'scenarios/a.ts'}],
	},
	notice: {at, event: 'notice', level: 'info', message: 'm'},
	accelerator: {at, event: 'accelerator', accelerator: 'tcg', reason: 'r'},
	artifact: {at, event: 'artifact', kind: 'kernel', label: 'l', state: 'cached'},
	'cell-stage': {at, event: 'cell-stage', cell: cell.id, stage: 'scenarios'},
	machine: {at, event: 'machine', cell: cell.id, machine: 'm1', doing: 'd'},
	'infrastructure-retry': {at, event: 'infrastructure-retry', cell: cell.id, reason},
	'cell-formed': {at, event: 'cell-formed', cell: cell.id, origin: 'cold boot', seconds: 1},
	'cell-measured': {at, event: 'cell-measured', cell: cell.id, metrics: {}},
	order: {at, event: 'order', cell: cell.id, repetition: 1, scenarios: [{file: 'scenarios/a.ts', title: 'a claim'}]},
	'scenario-started': {
		at,
		event: 'scenario-started',
		cell: cell.id,
		title: 'a claim',
		file: 'scenarios/a.ts',
		repetition: 1,
	},
	result: {at, event: 'result', result},
	'cell-finished': {at, event: 'cell-finished', cell: cell.id, outcome: {state: 'tested'}, seconds: 1},
	judged: {at, event: 'judged', verdict: {asked: 'last-good', failOn: ['new'], changes: [], versions: [], notices: []}},
	attributed: {
		at,
		event: 'attributed',
		attribution: {...{cell: '', file: '', title: 'a claim', axes: []}, sentence: 's', points: []},
	},
	leftover: {at, event: 'leftover', cell: '', what: 'w', why: 'y'},
	'run-interrupted': {at, event: 'run-interrupted', signal: 'SIGINT'},
	'run-finished': {at, event: 'run-finished', seconds: 1},
};

const green = (
	['run-started', 'cell-stage', 'scenario-started', 'result', 'cell-finished', 'run-finished'] as const
).map(name => lines[name] as Event);

function read(events: object[]) {
	const {events: whole, problems} = parseRecord(asLines(events as Event[]));
	return summarise(whole, problems);
}

test('a whole record is green and has no faults', t => {
	const summary = read(green);
	t.is(exitCode(summary), 0);
	t.deepEqual(summary.problems, []);
	t.deepEqual(read(Object.values(lines)).problems, []);
});

for (const [name, line] of Object.entries(lines)) {
	const required = Object.keys(line).filter(each => each !== 'event');
	for (const part of required) {
		for (const [how, value] of [
			['missing', undefined],
			['wrong', undefined],
			['null', null],
		] as const) {
			const wrong = how === 'wrong' ? (typeof (line as never)[part] === 'number' ? 'x' : 42) : value;
			test(`${name} with ${part} ${how} is reported with its line, and is not green by it`, t => {
				const damaged = {...line, [part]: wrong};
				const inPlace = green.some(each => each.event === name)
					? green.map(each => (each.event === name ? damaged : each))
					: [...green.slice(0, -1), damaged, ...green.slice(-1)];
				const summary = read(inPlace);
				const number = 1 + inPlace.indexOf(damaged);
				t.true(
					summary.problems.some(each => each.startsWith(`Line ${number} is damaged`) && each.includes(part)),
					summary.problems.join('\n'),
				);
				if (
					name === 'result' ||
					name === 'run-finished' ||
					(name === 'cell-finished' && part !== 'at' && part !== 'seconds')
				) {
					t.is(exitCode(summary), 2, 'what should have a result and has none is broken');
				}
			});
		}
	}
}

test('every event has its row', t => {
	t.deepEqual(Object.keys(partsOf).sort(), Object.keys(lines).sort());
});

test('a result whose verdict is lost is broken, not the pass of the one before', t => {
	const {verdict: _lost, ...rest} = result;
	const summary = read([
		...green.slice(0, 4),
		{at, event: 'result', result: {...rest, repetition: 2}},
		...green.slice(4),
	]);
	t.deepEqual(summary.counts, {passed: 1, failed: 0, known: 0, broken: 1, skipped: 0});
	t.deepEqual(summary.problems, ['Line 5 is damaged: result.verdict is missing.']);
	t.regex(
		summary.cells[0]?.cases[1]?.reason?.message ?? '',
		/its result is damaged in the record: result\.verdict is missing/,
	);
});

test('a cell that lacks a part keeps its results', t => {
	const [started, ...others] = green;
	const {kernel: _lost, ...node} = cell.nodes[0]!;
	const summary = read([{...started, cells: [{...cell, nodes: [{...node, kernel: {label: '6.1'}}]}]}, ...others]);
	t.is(summary.counts.passed, 2);
	t.deepEqual(summary.problems, ['Line 1 is damaged: cells[0].nodes[0].kernel.release is missing.']);
});

test('a cell that lacks its nodes, or what is under test, keeps its results, and is reported with one node', t => {
	const [started, ...others] = green;
	const {id, provider} = cell;
	const summary = read([{...started, cells: [{id, provider}]}, ...others]);
	t.is(summary.counts.passed, 2);
	t.like(summary.cells[0]!.cell, {subject: 'swarm', nodes: [{name: 'unknown', kernel: {release: 'unknown'}}]});
	t.deepEqual(summary.problems, ['Line 1 is damaged: cells[0].subject is missing, cells[0].nodes is missing.']);
});

test('a cell of schema 1 that lacks a part keeps its results', t => {
	const [started, ...others] = green;
	const old = {id: cell.id, provider: 'qemu', kernel: {label: '6.1'}, engine: cell.nodes[0]!.engine};
	const summary = read([{...started, cells: [old]}, ...others]);
	t.is(summary.counts.passed, 2);
	t.deepEqual(summary.problems, [
		'Line 1 is damaged: cells[0].kernel.release is missing, cells[0].topology is missing.',
	]);
});

test('an event that is not known is reported', t => {
	t.deepEqual(read([...green, {at, event: 'cell-exploded', cell: cell.id}]).problems, [
		'Line 7 was left out: this swarmlab knows no event "cell-exploded".',
	]);
});

test('the first line carries the schema; one without is read, a newer one is refused', t => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-schema-'));
	const {at: _at, ...started} = lines['run-started'];
	openRecord(folder).append(started);
	const first = JSON.parse(fs.readFileSync(recordFile(folder), 'utf8')) as {schema: number};
	t.is(first.schema, 3);
	t.is(readRecord(folder).problems.length, 0);
	fs.writeFileSync(recordFile(folder), asLines([{...lines['run-started'], schema: 4}]));
	t.like(
		t.throws(() => readRecord(folder)),
		{
			name: 'UsageError',
			message: `${recordFile(folder)} was written by swarmlab 0.1.0: its schema is 4, and this swarmlab reads up to 3.`,
		},
	);
	t.throws(() => parseRecord('{"schema":4}\n'), {name: 'UsageError'});
	t.regex(
		parseRecord(asLines([{...lines['run-started'], schema: 'x' as never}])).problems.join(),
		/schema is not a whole/,
	);
});

test('a record is found by its file; another file is refused', t => {
	const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-find-')));
	fs.writeFileSync(recordFile(folder), '');
	t.is(findRun(recordFile(folder)), folder);
	fs.writeFileSync(path.join(folder, 'other.jsonl'), '');
	t.like(
		t.throws(() => findRun(path.join(folder, 'other.jsonl'))),
		{
			name: 'UsageError',
			message: `${path.join(folder, 'other.jsonl')} is no record of a run: that is a file run.jsonl, in the folder of its run.`,
		},
	);
});
