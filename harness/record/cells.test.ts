/** Records of schema 1, whose cells had a kernel, an engine, a topology and maybe a stack: read as if they were written today. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {Event} from '../model/index.ts';
import {asLines, sampleRun} from './fixtures/sample-run.ts';
import {parseRecord} from './record.ts';
import {summarise} from './summary/summarise.ts';

/** The first line of a run, as a swarmlab of schema 1 wrote it: the cells of the sample run, and one of a stack. */
const firstLine = readFileSync(path.join(import.meta.dirname, 'fixtures', 'schema-1.jsonl'), 'utf8');
const stackCell = 'qemu-k6.1.180-rehearsal-plain';
const [started, ...others] = sampleRun() as [Extract<Event, {event: 'run-started'}>, ...Event[]];

test('a record of schema 1 comes to the same summary as one of today', t => {
	const {events, problems} = parseRecord(`${firstLine}${asLines(others)}`);
	t.deepEqual(problems, []);
	const {cells, ...old} = summarise(events, problems);
	const {cells: expected, ...today} = summarise([started, ...others]);
	t.deepEqual(
		cells.filter(({cell}) => cell.id !== stackCell),
		expected,
	);
	t.deepEqual({...old, counts: today.counts}, today);
});

test('a cell of a stack of schema 1 has its stack as what is under test, on its one machine', t => {
	const [first] = parseRecord(firstLine).events as [typeof started];
	const {subject, nodes, plain, ...rest} = first.cells.at(-1)!;
	t.deepEqual(rest, {id: stackCell, provider: 'qemu'});
	t.true(plain);
	t.like(subject, {stack: {label: 'rehearsal', exercises: ['client-env'], localrc: {A: 'b'}}});
	t.is(nodes.length, 1);
	t.like(nodes[0], {name: 'm1', role: 'manager', memory: 2048, cpus: 2, kernel: {label: '6.1.180'}});
	t.is(nodes[0]!.engine.version, '20.10.24');
});

test('a number of machines that no LAN has makes no more nodes than one has', t => {
	const line = firstLine.replaceAll('"workers":2', '"workers":1e9');
	const [first] = parseRecord(line).events as [typeof started];
	t.is(first.cells[0]!.nodes.length, 201);
});
