/** Records that mean harm, or were harmed: what JUnit, GitLab and Jenkins make of them. */
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type {Result} from '../harness/model/index.ts';
import {packageRoot} from '../harness/package.ts';
import {asLines, cells, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {all, faults, faultsOfAll, parse} from './fixtures/read-junit.ts';
import {junitOfRun} from './junit.ts';
import {sizeAdvice} from './size.ts';
import {errorType} from './types.ts';
import {legible, unmarked} from './xml.ts';

const at = '2026-11-30T10:00:00.000Z';
const cell = cells[0]!;
const whole: Result = {
	cell: cell.id,
	title: 'a claim',
	file: 'scenarios/vip.ts',
	repetition: 1,
	verdict: 'failed',
	startedAt: at,
	seconds: 1,
	reason: {message: 'no', type: 'Error', details: 'no'},
	metrics: {},
	evidence: [],
	log: [],
};

function junitOf(lines: unknown[], base = ''): string {
	const {events, problems} = parseRecord(asLines(lines as never));
	return junitOfRun(summarise(events, problems), {base});
}

/** A run of one cell in which everything that may be a text of a product is this one. */
function saying(text: string): string {
	const [started] = sampleRun() as [Extract<ReturnType<typeof sampleRun>[0], {event: 'run-started'}>];
	const reason = {message: text, type: text, details: text, remedy: text};
	return junitOf([
		{
			...started,
			run: text,
			host: {...started.host, hostname: text, os: text},
			cells: [{...cell, nodes: cell.nodes.map(each => ({...each, kernel: {...each.kernel, release: text}}))}],
			scenarios: [{title: text, file: text, line: 1}],
		},
		{at, event: 'notice', level: 'warning', cell: cell.id, message: text},
		{at, event: 'cell-measured', cell: cell.id, metrics: {[text]: 1}},
		{at, event: 'leftover', cell: cell.id, what: text, why: text},
		...(['failed', 'broken', 'skipped'] as const).map(verdict => ({
			at,
			event: 'result',
			result: {
				...whole,
				title: `${verdict} ${text}`,
				verdict,
				reason,
				metrics: {[text]: 1},
				evidence: [text],
				log: [text, text],
			},
		})),
		{at, event: 'cell-finished', cell: cell.id, outcome: {state: 'tested'}, seconds: 1},
		{at, event: 'run-finished', seconds: 1},
	]);
}

/** As a reader might, that drops what it cannot show. */
const dropped = (text: string) => text.replaceAll(/[\p{C}\p{M}\p{Default_Ignorable_Code_Point}\uFFFD]/gu, '');

const marks = [
	'[[ATTACHMENT|/etc/passwd]]',
	'[\u001B[0m[ATTACHMENT|/etc/passwd]]',
	'[\u001B\u001B[0m[0m[ATTACHMENT|/etc/passwd]]',
	'[[ATT\u0000ACHMENT|/etc/passwd]]',
	'[[ATTACH\u200BMENT|/etc/passwd]]',
	'[\uFE0F[ATTACHMENT\u00AD|/etc/passwd]]',
	'[[ATTA\u009B0mCHMENT|/etc/passwd]]',
	'[[ATTACH\nMENT|/etc/passwd]]',
	'[[ATT[[ATTACHMENT|ACHMENT|/etc/passwd]]',
	'[[[[ATTACHMENT|ATTACHMENT|/etc/passwd]]',
	'[[attachment|/etc/passwd]]',
	'[[ATTACHMENT\r\n|/etc/passwd]]',
];

for (const mark of marks) {
	test(`no text of a product passes for an attachment: ${JSON.stringify(mark)}`, t => {
		const xml = saying(mark);
		t.notRegex(dropped(xml).replaceAll(/&#1?\d;|\s/g, ''), /\[\[ATTACHMENT\|/i);
		t.regex(xml, /etc\/passwd/, 'it is still reported');
	});
}

test('whatever surrounds a mark, none is left, and a second look changes nothing', t => {
	const piece = fc.constantFrom(
		'[',
		'[[',
		'ATTACHMENT',
		'ATT',
		'ACHMENT',
		'|',
		'\u001B[0m',
		'\u009B',
		'\u200B',
		'\0',
		'\n',
		' ',
		'x]]',
	);
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 14}), pieces => {
			const text = legible(pieces.join(''));
			const once = unmarked(text);
			return (
				legible(text) === text &&
				unmarked(once) === once &&
				!/\[\[ATTACHMENT\|/i.test(dropped(once).replaceAll(/\s/g, ''))
			);
		}),
		{numRuns: 3000, seed: 11},
	);
	t.pass();
});

test('evidence outside of the run folder is reported and never led to', t => {
	const xml = (evidence: string[]) =>
		junitOf([sampleRun()[0], {at, event: 'result', result: {...whole, evidence}}], 'runs/r');
	t.regex(xml(['cells/a/m1.txt']), /\[\[ATTACHMENT\|runs\/r\/cells\/a\/m1\.txt\]\]/);
	for (const path of ['/etc/passwd', '../../etc/passwd', 'cells/../../../etc/passwd']) {
		t.notRegex(xml([path]), /\[\[ATTACHMENT/);
		t.regex(xml([path]), /evidence: .*etc\/passwd/);
	}
});

const casts = [
	...['symbol', 'date', 'datetime', 'dateTime', 'duration', 'integer', 'float', 'double', 'decimal', 'boolean'],
	...['string', 'yaml', 'base64Binary', 'hexBinary', 'file', 'array', 'Symbol', 'YAML', 'Date', 'Integer', ' symbol '],
	...['sym\u001B[0mbol', 'bigDecimal', 'somethingNew'],
];

for (const name of casts) {
	test(`Rails takes no error of the name ${JSON.stringify(name)} for a cast, and its reader sees it`, t => {
		const xml = junitOf([
			sampleRun()[0],
			{at, event: 'result', result: {...whole, reason: {...whole.reason, type: name}}},
		]);
		const [type] = all(parse(xml), 'failure').map(each => each.attributes.type ?? '');
		t.is(type, `Error: ${name.replace('\u001B[0m', '').trim()}`);
	});
}

test('names of error classes stay as they are', t => {
	for (const name of ['AssertionError', 'NotProvenError', 'TypeError', 'ENOENT', 'Error', 'FileError']) {
		t.is(errorType(name), name);
	}
});

test('junit.xml over what GitLab reads is reported, with the way out', t => {
	t.deepEqual(sizeAdvice({run: 30_000_000, cells: []}), []);
	t.regex(
		sizeAdvice({run: 31_200_000, cells: [['junit/TEST-a.xml', 1]]}).join('\n'),
		/^junit\.xml has 31\.2 MB.*junit\/TEST-\*\.xml\.$/,
	);
	t.regex(sizeAdvice({run: 99e6, cells: [['junit/TEST-a.xml', 40e6]]})[1] ?? '', /TEST-a\.xml has 40 MB/);
});

const odd = fc.oneof(
	fc.constantFrom<unknown>(0, -1, 0.5, 1e21, 1.5, -1e308, null, true, '', 'x', '\u001B[1m', [], {}, '[[ATTACHMENT|x]]'),
	fc.constantFrom(
		'9999-12-31T23:59:59Z',
		'+010000-01-01T00:00:00Z',
		'-000001-01-01T00:00:00Z',
		'0000-01-01T00:00:00Z',
		'-271821-04-20T00:00:00Z',
	),
	fc.string({unit: 'binary', maxLength: 12}),
	fc.double(),
);

/** One of the sample's lines, some parts of it replaced or gone. */
const anyLine = fc.tuple(
	fc.nat(sampleRun().length - 1),
	fc.array(fc.tuple(fc.nat(40), fc.option(odd, {nil: undefined})), {maxLength: 3}),
);
const anyRecord = fc.array(anyLine, {minLength: 1, maxLength: 12});

function harmed(lines: [number, [number, unknown][]][]): string {
	const events = sampleRun();
	return [[0, lines[0]![1]] as (typeof lines)[0], ...lines]
		.map(([line, changes]) => {
			const value = structuredClone(events[line]) as object;
			for (const [place, change] of changes) {
				const places = placesIn(value);
				const [owner, key] = places[place % places.length]!;
				owner[key] = change;
			}

			// What JSON cannot say it says as 1e999, which is read as Infinity.
			return JSON.stringify(value, (_key, each) => (each === Infinity ? '1e999' : each)).replaceAll('"1e999"', '1e999');
		})
		.join('\n');
}

function placesIn(value: object): [Record<string, unknown>, string][] {
	return Object.entries(value).flatMap(([key, each]) => [
		[value as Record<string, unknown>, key] as [Record<string, unknown>, string],
		...(typeof each === 'object' && each !== null ? placesIn(each) : []),
	]);
}

/** `SWARMLAB_FUZZ=10000` for as many as one likes. */
test('whatever became of its lines, a record gives a document that the schema has nothing against', async t => {
	t.timeout(3_600_000);
	const records = fc.sample(anyRecord, {numRuns: Number(process.env.SWARMLAB_FUZZ ?? 60), seed: 6}).map(harmed);
	for (let from = 0; from < records.length; from += 500) {
		const some = records.slice(from, from + 500);
		const found = await faultsOfAll(
			some.map(text => {
				const {events, problems} = parseRecord(text);
				return junitOfRun(summarise(events, problems));
			}),
		);
		for (const [index, reported] of found) {
			t.deepEqual(reported, [], some[index]);
		}
	}

	t.pass();
});

test('of many documents the invalid one is found', async t => {
	const good = junitOf([sampleRun()[0]]);
	const bad = good.replace(/time="[^"]*"/, 'time="1,5"');
	const found = await faultsOfAll([good, bad, good, '<testsuites', good]);
	t.deepEqual([...found.keys()], [1, 3]);
	t.regex(found.get(1)!.join('\n'), /1,5/);
	t.true(found.get(3)!.length > 0);
});

const folder = path.join(packageRoot, '../shared/junit/public');
const withSamples = fs.existsSync(folder) ? test : test.skip;
withSamples('the public records come out right', async t => {
	const read = (name: string) => {
		const file = fs.readdirSync(folder).find(each => each.startsWith(name))!;
		const {events, problems} = parseRecord(fs.readFileSync(path.join(folder, file), 'utf8'));
		return {problems, xml: junitOfRun(summarise(events, problems))};
	};

	t.notRegex(read('j01').xml, /\[\[ATTACHMENT\|/);
	t.notRegex(read('j03').xml, /type="symbol"/);
	t.deepEqual(read('j04').problems, ['Line 3 is damaged and was left out: result is missing.']);
	for (const name of ['j01', 'j03', 'j04']) {
		t.deepEqual(await faults(read(name).xml), []);
	}
});
