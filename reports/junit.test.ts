import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type {Event, Result, Verdict} from '../harness/model/index.ts';
import {asLines, cells, hostileText, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {all, faults, parse, wrongCounts} from './fixtures/read-junit.ts';
import {junitOfCell, junitOfRun} from './junit.ts';
import {legible} from './xml.ts';

const sample = summarise(sampleRun());
const base = 'reports/runs/sample';
const golden = path.join(import.meta.dirname, 'fixtures', 'sample.junit.xml');
const illegal = /[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

test('the sample run is written exactly so', t => {
	const xml = junitOfRun(sample, {base});
	// SWARMLAB_GOLDEN=1 writes the file anew: read the difference before you commit it.
	if (process.env.SWARMLAB_GOLDEN) {
		fs.writeFileSync(golden, xml);
	}

	t.is(xml, fs.readFileSync(golden, 'utf8'));
});

test('the run and each of its cells are valid, and their counts are those of the summary', async t => {
	const xml = junitOfRun(sample, {base});
	t.deepEqual(await faults(xml), []);
	const root = parse(xml);
	t.deepEqual(wrongCounts(root), []);
	t.is(Number(root.attributes.failures), sample.counts.failed);
	t.is(Number(root.attributes.errors), sample.counts.broken);
	t.is(Number(root.attributes.tests), 54);
	for (const {cell} of sample.cells) {
		const one = junitOfCell(sample, cell.id);
		t.deepEqual(await faults(one), []);
		t.deepEqual(wrongCounts(parse(one)), []);
	}
});

test('of a cell whose nodes differ, the properties list what each has and is made from', t => {
	const [started, ...others] = sampleRun() as [Extract<Event, {event: 'run-started'}>, ...Event[]];
	const cell = cells[0]!;
	const {engine} = cells[1]!.nodes[0]!;
	const nodes = cell.nodes.map((each, index) => (index === 0 ? each : {...each, engine}));
	const run = summarise([{...started, cells: [{...cell, nodes, upgrade: [engine]}]}, ...others]);
	const found = all(parse(junitOfCell(run, cell.id)), 'property').map(({attributes: {name, value}}) => [name, value]);
	t.like(Object.fromEntries(found), {
		kernel: '5.10.0-39-cloud-amd64',
		...{engine: '20.10.24 (m1), 26.1.5 (w1, w2)', 'engine.label': '20.10.24 (m1), 26.1.5 (w1, w2)'},
		'engine.upgrade': '26.1.5',
		...{'engine.suite': 'bookworm', 'artifact.engine': 'e-20.10.24-77aa01+e-26.1.5-b0b1e5'},
		topology: '1 manager, 2 workers, 1024 MiB and 1 CPU each',
	});
});

test('texts come back as they were, but for what XML cannot hold', t => {
	const root = parse(junitOfRun(sample, {base}));
	const failure = all(root, 'failure').find(each => each.attributes.message?.startsWith('ERROR nul'));
	const expected = 'ERROR nul:\uFFFD lone:\uFFFD end:]]> amp:& <b> "quote"\n\tsecond line 🐳 \uFFFD\nthird';
	t.is(legible(hostileText), expected);
	t.is(failure?.attributes.message, expected.replaceAll(/\s+/g, ' '));
	t.is(failure?.text.split('\n')[0], failure?.attributes.message);
	t.true(failure?.text.includes(expected));
	const output = all(root, 'system-out').find(each => each.text.includes('30 connections from m1'));
	t.is(
		output?.text,
		`30 connections from m1\n${expected}\n[[ATTACHMENT|reports/runs/sample/cells/c/evidence/vip/m1.txt]]\n`,
	);
});

test('the schema refuses what readers stumble over', async t => {
	const good = junitOfRun(sample, {base});
	const edits: [string, RegExp | string, string][] = [
		['two verdicts', /<failure /, '<skipped message="x">x</skipped><failure '],
		['a second dot in the class', 'classname="swarm.', 'classname="swarm.a.'],
		['a comma in the time', /time="\d+\.(\d+)"/, 'time="1,$1"'],
		['an empty text', /<error ([^>]*)>[^<]*</, '<error $1><'],
		['the same case twice', /(<testcase name="provision"[^>]*\/>)/, '$1$1'],
		['an empty suite', /<testcase[\s\S]*?<\/testsuite>/, '</testsuite>'],
		['a line end in the message', /message="/, 'message="a&#10;'],
	];
	for (const [name, from, to] of edits) {
		const bad = good.replace(from, to);
		t.not(bad, good, name);
		t.not((await faults(bad)).length, 0, name);
	}
});

test('a record that is cut off anywhere, even before its first line, gives a valid document', async t => {
	const bytes = Buffer.from(asLines(sampleRun()));
	const cuts = new Set([0, 1, 10]);
	for (let length = 101; length < bytes.length; length += 997) {
		cuts.add(length);
	}

	for (const cut of cuts) {
		const {events, problems} = parseRecord(bytes.subarray(0, cut).toString());
		const xml = junitOfRun(summarise(events, problems));
		const root = parse(xml);
		t.deepEqual(wrongCounts(root), [], `cut at ${cut}`);
		t.is(all(root, 'testcase').length, events.length > 0 ? 54 : 1, `cut at ${cut}`);
		t.true(Number(root.attributes.errors) > 0 || cut > bytes.length - 200);
	}

	t.deepEqual(await faults(junitOfRun(summarise([]))), []);
});

const anyText = fc.oneof(
	fc.string({unit: 'binary', maxLength: 40}),
	fc
		.array(
			fc.constantFrom(
				'\u001B[1m',
				'\0',
				']]>',
				'\r\n',
				'\uD800',
				'\uFFFF',
				'&lt;',
				'"',
				'<',
				'[[ATTACHMENT|',
				'é',
				'🐳',
				'\u0085',
				'.',
				' ',
				'\t',
			),
			{maxLength: 8},
		)
		.map(all => all.join('')),
);
const anyResult: fc.Arbitrary<Partial<Result>> = fc.record({
	title: anyText,
	file: anyText,
	line: fc.option(fc.integer(), {nil: undefined}),
	repetition: fc.integer({min: 1, max: 3}),
	verdict: fc.constantFrom<Verdict>('passed', 'failed', 'broken', 'skipped'),
	reason: fc.option(
		fc.record({message: anyText, type: anyText, details: anyText, remedy: fc.option(anyText, {nil: undefined})}),
		{nil: undefined},
	),
	startedAt: fc.oneof(fc.constant('2026-11-22T22:40:00.000Z'), anyText),
	seconds: fc.double(),
	metrics: fc.dictionary(anyText, fc.double(), {maxKeys: 3}),
	evidence: fc.array(anyText, {maxLength: 3}),
	log: fc.array(anyText, {maxLength: 3}),
});
const anyRun = fc.record({
	results: fc.array(anyResult, {maxLength: 6}),
	id: anyText,
	name: anyText,
	message: anyText,
	planned: fc.array(anyText, {maxLength: 3}),
});

function eventsOf({
	results,
	id,
	name,
	message,
	planned,
}: typeof anyRun extends fc.Arbitrary<infer Run> ? Run : never): Event[] {
	const at = '2026-11-22T22:40:00.000Z';
	// Two ids that are the same once dots are gone.
	const two = [id, `${id}.`].map(each => ({...(cells[0] as (typeof cells)[0]), id: each}));
	const reason = {message, type: message, details: message};
	return [
		{
			at,
			event: 'run-started',
			run: name,
			command: [name],
			host: {hostname: name, os: name, facts: {qemu: name}} as never,
			cells: two,
			scenarios: planned.map(title => ({title, file: name})),
		},
		{at, event: 'notice', level: 'warning', cell: id, message},
		{at, event: 'infrastructure-retry', cell: id, machine: name, reason, consoleTail: [message]},
		{at, event: 'cell-stage', cell: id, stage: 'scenarios'},
		{at, event: 'cell-measured', cell: id, metrics: {[message]: 1}},
		...results.map(each => ({at, event: 'result', result: {cell: id, ...each}}) as Event),
		{at, event: 'cell-finished', cell: `${id}.`, outcome: {state: 'broken', reason}, seconds: 1},
	];
}

test('whatever the texts are, the document is well-formed, holds no illegal character and its counts add up', t => {
	fc.assert(
		fc.property(anyRun, run => {
			const summary = summarise(eventsOf(run));
			const xml = junitOfRun(summary, {base: run.name});
			if (illegal.test(xml)) {
				throw new Error('illegal character');
			}

			const root = parse(xml);
			const wrong = wrongCounts(root);
			const cases = all(root, 'testcase');
			const names = new Set(cases.map(each => `${each.attributes.classname}\n${each.attributes.name}`));
			for (const each of [...all(root, 'failure'), ...all(root, 'error')]) {
				if (each.text.split('\n')[0] !== each.attributes.message) {
					wrong.push(`${each.text} does not begin with ${each.attributes.message}`);
				}
			}

			if (
				wrong.length > 0 ||
				names.size !== cases.length ||
				cases.some(each => !/^[^.]+\.[^.]+$/.test(each.attributes.classname ?? ''))
			) {
				throw new Error([...wrong, ...names].join('\n'));
			}
		}),
		{numRuns: 400},
	);
	t.pass();
});

test('whatever the texts are, the schema has nothing against it', async t => {
	const [seen] = fc.sample(anyRun, 1);
	// Found by chance once: a log of which nothing is left.
	const colour = {
		title: 'a',
		file: 'a',
		repetition: 1,
		verdict: 'passed',
		metrics: {},
		evidence: [],
		log: ['\u001B[1m'],
	} as const;
	for (const run of [...fc.sample(anyRun, 12), {...(seen as NonNullable<typeof seen>), results: [colour as never]}]) {
		t.deepEqual(await faults(junitOfRun(summarise(eventsOf(run)))), []);
	}
});
