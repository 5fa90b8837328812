/** The verdict against a baseline, in every report. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {Event, NightlyVerdict} from '../harness/model/index.ts';
import {cells, hostileText, sampleRun, scenarios} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {endingLines, verdictLine} from './ending.ts';
import {all, faults, type Node, parse} from './fixtures/read-junit.ts';
import {htmlPage} from './html/page.ts';
import {junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';
import {nightlySentence} from './nightly.ts';
import {coloursFor} from './screen.ts';
import {writeReports} from './write.ts';

const {title, file} = scenarios[2]!;
const cell = cells[0]!.id;
const verdict: NightlyVerdict = {
	baseline: {run: '2026-11-21T02-00-00-aa', startedAt: '2026-11-21T02:00:00.000Z'},
	asked: 'last-good',
	failOn: ['new', 'broken'],
	changes: [
		{change: 'new', cell, file, title, says: 'failed 3 of 3 (44–100 %): m1 got 3 of 5; in the baseline it passed'},
		{
			change: 'newly missing',
			cell,
			file: 'scenarios/gone.ts',
			title: 'it is gone',
			says: 'in the baseline it was passed',
		},
		{change: 'known', cell, file, title, says: 'moby/moby#40989', issue: 'moby/moby#40989'},
	],
	versions: [{cell, axis: 'engine', before: '28.5.1', now: '28.5.2'}],
	notices: ['The baseline has no cell that x could be compared with.'],
};
const sentence = '1 new, 1 newly missing, 1 known since the run 2026-11-21T02-00-00-aa of 2026-11-21 02:00';
const cause = 'The engine: with 28.5.2 alone it fails 3 of 3.';

function withVerdict(nightly: NightlyVerdict, more: Event[] = []): Event[] {
	const events = sampleRun();
	const at = events.at(-1)!.at;
	return [...events.slice(0, -1), {at, event: 'judged', verdict: nightly}, ...more, events.at(-1)!];
}

const attributed: Event = {
	at: '2026-11-22T23:00:00.000Z',
	event: 'attributed',
	attribution: {
		...{cell, file, title, axes: ['engine'], sentence: cause},
		points: [{now: ['engine'], failed: 3, passed: 0, undecided: 0, seconds: 61, folder: 'x'}],
	},
};
/** The properties of a suite or a case, without those of its cases. */
function ownOf({children}: Node): Record<string, string> {
	const properties = children.filter(({name}) => name === 'properties').flatMap(each => all(each, 'property'));
	return Object.fromEntries(properties.map(({attributes}) => [attributes.name, attributes.value ?? '']));
}

const summary = summarise(withVerdict(verdict, [attributed]));
const colours = coloursFor({});

test('the answer counts the changes, the most important first', t => {
	t.is(nightlySentence(verdict), sentence);
	t.is(
		nightlySentence({...verdict, changes: []}),
		'Nothing changed since the run 2026-11-21T02-00-00-aa of 2026-11-21 02:00',
	);
	const {baseline: _, ...without} = verdict;
	t.is(nightlySentence({...without, changes: []}), 'Nothing to compare with: last-good names no run yet');
});

test('the summary and the page begin with it, before what holds', t => {
	for (const [text, next] of [
		[markdown(summary), '## What holds where'],
		[htmlPage(summary), 'class="matrix'],
	] as const) {
		t.true(text.includes(sentence), text.slice(0, 2000));
		t.true(text.indexOf(sentence) < text.indexOf(next));
		t.true(text.includes('in the baseline it passed'));
		t.true(text.includes(`${cause} (3 further tries, 61 s)`));
		t.regex(text, /engine of .*: 28\.5\.1 → 28\.5\.2/);
	}
});

test('the last lines of a run and of report have it', t => {
	const lines = endingLines(summary, 'runs/x', colours);
	t.true(lines.includes(sentence));
	t.true(lines.includes(`    ${cause} (3 further tries, 61 s)`));
	t.regex(verdictLine(summary), new RegExp(`^run \\S+: ${sentence}; \\d+ passed`));
	t.regex(verdictLine(summary), /exit code 1 of the run$/);
});

test('JUnit has it in the suite and in the case, at the beginning of its output', async t => {
	const xml = junitOfRun(summary);
	t.deepEqual(await faults(xml), []);
	const suites = all(parse(xml), 'testsuite');
	const suite = suites.find(each => ownOf(each).cell === cell)!;
	t.is(ownOf(suite).verdict, sentence);
	t.is(ownOf(suite)['verdict.baseline'], '2026-11-21T02-00-00-aa');
	const found = all(suite, 'testcase').find(({attributes}) => attributes.name === title)!;
	const changed = 'new: failed 3 of 3 (44–100 %): m1 got 3 of 5; in the baseline it passed';
	t.true(all(found, 'system-out')[0]?.text.startsWith(changed));
	t.true(ownOf(found).verdict?.startsWith(changed));
	const others = suites.filter(each => each !== suite).flatMap(each => all(each, 'testcase'));
	t.true(others.every(each => ownOf(each).verdict === undefined));
});

test('a run without a baseline says nothing of one', t => {
	const plain = summarise(sampleRun());
	for (const text of [
		markdown(plain),
		htmlPage(plain),
		junitOfRun(plain),
		endingLines(plain, '', colours).join('\n'),
	]) {
		t.notRegex(text, /since the run|the baseline|without a baseline|class="nightly/);
	}
});

test('hostile texts of a verdict stay text in every report', async t => {
	const hostile = `<script>alert(1)</script> </details> | \`x\` ${hostileText}`;
	const nasty: NightlyVerdict = {
		...verdict,
		asked: hostile,
		baseline: {run: hostile, startedAt: hostile},
		changes: [{change: 'new', cell: hostile, file: hostile, title: hostile, says: hostile, issue: hostile}],
		versions: [{cell: hostile, axis: 'engine', before: hostile, now: hostile}],
		notices: [hostile],
	};
	const events = withVerdict(nasty, [
		{
			...{at: attributed.at, event: 'attributed'},
			attribution: {...{cell: hostile, file: hostile, title: hostile, axes: [], points: []}, sentence: hostile},
		},
	]);
	const bad = summarise(events);
	t.notRegex(htmlPage(bad), /<script/);
	t.notRegex(markdown(bad).replaceAll(/(`+)[\s\S]*?[^`]\1(?!`)/g, 'code'), /<script/);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	t.notRegex(endingLines(bad, 'x', colours).join(''), /[\u0000-\u001F]/);
	t.deepEqual(await faults(junitOfRun(bad)), []);
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-nightly-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	t.notThrows(() => writeReports(folder, events));
});
