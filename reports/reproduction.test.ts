/** The block to paste into a report, the table of reports, and how known failures and surprises look in every report. */
import test from 'ava';
import type {Event, PlannedScenario, Result} from '../harness/model/index.ts';
import {asLines, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {endingLines} from './ending.ts';
import {all, faults, parse} from './fixtures/read-junit.ts';
import {htmlPage} from './html/page.ts';
import {issuesTable} from './issues-table.ts';
import {junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';
import {plainLine} from './plain.ts';
import {isUndecided, reproductionBlock} from './reproduction.ts';
import {coloursFor} from './screen.ts';

const colours = coloursFor({isTTY: false}, {NO_COLOR: '1'});
const started = sampleRun()[0] as Extract<Event, {event: 'run-started'}>;
const cells = started.cells.slice(0, 2);
const [older, newer] = cells as [(typeof cells)[0], (typeof cells)[0]];

function scenarioOf(title: string, more: Partial<PlannedScenario['reproduction'] & {}> = {}): PlannedScenario {
	return {
		title,
		file: 'scenarios/issues/1-it.ts',
		reproduction: {
			issue: 'moby/moby#1',
			expected: [{fails: '<26', because: 'mended in 26'}],
			steps: ['m1: docker node ls'],
			managers: 1,
			workers: 0,
			...more,
		},
	};
}

function eventsOf(
	scenario: PlannedScenario,
	results: [cell: string, verdict: Result['verdict'], text?: string][],
): Event[] {
	const counts = new Map<string, number>();
	return [
		{...started, cells, scenarios: [scenario], command: ['swarmlab', 'reproduce', 'moby/moby#1', '--docker', "it's"]},
		...results.map(([cell, verdict, text = 'no'], index): Event => {
			counts.set(cell, (counts.get(cell) ?? 0) + 1);
			return {
				at: `2026-11-22T22:41:0${index}.000Z`,
				event: 'result',
				result: {
					...{cell, title: scenario.title, file: scenario.file, verdict, repetition: counts.get(cell)!, seconds: 3},
					...{startedAt: '', metrics: {}, evidence: [], log: [`m1# docker node ls\n${text}`]},
					...(verdict !== 'passed' && {reason: {message: text, type: 'Error', details: text}}),
				},
			};
		}),
		...cells.map(
			({id}): Event => ({
				at: '2026-11-22T22:42:00.000Z',
				event: 'cell-finished',
				cell: id,
				outcome: {state: 'tested'},
				seconds: 9,
			}),
		),
		{at: '2026-11-22T22:42:00.000Z', event: 'run-finished', seconds: 9},
	];
}

const asExpected = eventsOf(scenarioOf('it holds'), [
	[older.id, 'failed', 'the address stays'],
	[older.id, 'failed'],
	[older.id, 'failed'],
	[newer.id, 'passed'],
]);

test('a block has the matrix with rates, the steps, the lines that show it, versions, and the command', t => {
	const block = reproductionBlock(summarise(asExpected));
	t.regex(block, /^### \[moby\/moby\\#1\]\(\S+\/moby\/moby\/issues\/1\): it holds/);
	t.regex(block, /\| \*\*reproduced, 3 of 3\*\* \| 44–100 % \| fails \| 3\.0 s \|/);
	t.regex(block, /\| \*\*not reproduced, 0 of 1\*\* \| 0–79 % \| passes \| 3\.0 s \|/);
	t.regex(block, /Steps:\n\n```text\nm1: docker node ls\n```/);
	t.regex(block, /m1# docker node ls\nthe address stays\n=> known failure/);
	t.regex(block, /Docker 20\.10\.24: `docker\.io 20\.10\.24/);
	t.true(block.includes(String.raw`swarmlab reproduce moby/moby#1 --docker 'it'\''s'`));
});

test('a report that is skipped on a cell, or broken in most tries, is undecided', t => {
	t.false(isUndecided(summarise(asExpected)));
	const skipped = eventsOf(scenarioOf('it holds'), [
		[older.id, 'failed'],
		[newer.id, 'skipped'],
	]);
	t.true(isUndecided(summarise(skipped)));
	const broken = eventsOf(scenarioOf('it holds'), [
		[older.id, 'failed'],
		[newer.id, 'broken'],
		[newer.id, 'broken'],
		[newer.id, 'passed'],
	]);
	t.true(isUndecided(summarise(broken)));
});

test('one of ten is flaky, and never reproduced', t => {
	const tries = Array.from(
		{length: 10},
		(_, index) => [older.id, index === 4 ? 'failed' : 'passed'] as [string, 'failed'],
	);
	const block = reproductionBlock(summarise(eventsOf(scenarioOf('it holds'), tries)));
	t.regex(block, /\*\*flaky, 1 of 10\*\* \| 2–40 %/);
	t.notRegex(block, /\*\*reproduced/);
});

const hostile = [
	'```\n# a heading\n<script>alert(1)</script>',
	'| a | b |\n| --- | --- |',
	'\u001B[31mred\u001B[0m \u0000 ]( javascript:x ) @everyone #1 ~~x~~',
	'`````` and ````````',
];
for (const [index, text] of hostile.entries()) {
	test(`no text of a product changes the block: ${index + 1}`, t => {
		const title = text.replaceAll(/[\r\n]/g, ' ');
		const scenario = scenarioOf(title, {steps: [`m1: ls\n${text}`]});
		const summary = summarise(eventsOf(scenario, [[older.id, 'failed', text]]));
		const block = reproductionBlock(summary);
		const plain = reproductionBlock(
			summarise(eventsOf(scenarioOf('it', {steps: ['m1: x']}), [[older.id, 'failed', 'y']])),
		);
		const shape = (of: string) => outsideOfFences(of).map(line => /^(#+ |\| |- |$)?/.exec(line)![0]);
		t.deepEqual(shape(block), shape(plain));
		const outside = outsideOfFences(block).join('\n');
		t.notRegex(outside, /<script|(?<!\\)@everyone/);
		const rows = outsideOfFences(block).filter(line => line.startsWith('|'));
		t.deepEqual([...new Set(rows.map(line => line.split(/(?<!\\)\|/).length))], [9]);
		t.notRegex(issuesTable([summary]), /<script/);
	});
}

/** Lines that are not in a fence, as CommonMark closes it: by at least as many ticks. */
function outsideOfFences(text: string): string[] {
	let fence: string | undefined;
	return text.split('\n').filter(line => {
		const [ticks] = /^`{3,}/.exec(line) ?? [];
		if (fence !== undefined) {
			fence = ticks && ticks.length >= fence.length && line === ticks ? undefined : fence;
			return false;
		}

		fence = ticks;
		return ticks === undefined;
	});
}

test('a known failure is no failure in any report, and is to be seen in each', async t => {
	const summary = summarise(asExpected);
	t.like(summary.counts, {failed: 0, known: 1});
	const xml = junitOfRun(summary);
	t.deepEqual(await faults(xml), []);
	const counted = all(parse(xml), 'testsuite').map(({attributes}) => Number(attributes.skipped));
	t.is(Math.max(...counted), 1);
	const [skipped, ...others] = all(parse(xml), 'skipped');
	t.deepEqual(others, []);
	t.regex(
		skipped!.attributes.message!,
		/^known failure \(moby\/moby#1\): 3 of 3 repetitions failed: the address stays/,
	);
	t.regex(junitOfRun(summary), /<property name="issue" value="moby\/moby#1"\/>/);
	t.notRegex(junitOfRun(summary), /<failure/);
	t.regex(markdown(summary), /### ≈ known failure: it holds/);
	t.regex(markdown(summary), /known failure: \[moby\/moby\\#1\]\(/);
	t.regex(htmlPage(summary), /<a href="[^"]+\/moby\/moby\/issues\/1"><b>moby\/moby#1<\/b><\/a>, mended in 26/);
	const ending = endingLines(summary, 'reports/runs/x', colours).join('\n');
	t.regex(ending, /≈ known failure {2}it holds/);
	t.regex(ending, /3 passed, 1 known failure on 2 cells/);
	const result = asExpected.find(({event}) => event === 'result')!;
	t.regex(plainLine(result, colours, asExpected[0]) ?? '', /^≈ known failure /);
	t.regex(plainLine(result, colours) ?? '', /^✗ failed /);
});

test('a surprise is red, also where it passed', t => {
	const summary = summarise(
		eventsOf(scenarioOf('it holds'), [
			[older.id, 'passed'],
			[newer.id, 'passed'],
		]),
	);
	t.like(summary.counts, {failed: 1, known: 0});
	t.regex(
		junitOfRun(summary),
		/<failure message="surprise, it passed and should fail here \(moby\/moby#1\)" type="Surprise"/,
	);
	t.regex(reproductionBlock(summary), /fails: \*\*surprise\*\*/);
});

test('the table has a row for each report, and the last run of a cell', t => {
	const again = eventsOf(scenarioOf('it holds'), [[newer.id, 'failed']]);
	const table = issuesTable([summarise(asExpected), summarise(again)]);
	t.regex(
		table,
		/\| \[moby\/moby\\#1\]\(\S+\): \[it holds\]\(\.\.\/scenarios\/issues\/1-it\.ts\) \| 5\.10\.251, qemu \| \S+ ?\S* \| ✗ 1\/1 \*\*!\*\* \| 3\.0 s \|/,
	);
});

test('rows are sorted by the number of their report, so that those of one report stand together', t => {
	const of = (issue: string) => summarise(eventsOf(scenarioOf(`it holds ${issue}`, {issue}), [[newer.id, 'passed']]));
	const table = issuesTable(['moby/moby#100', 'moby/moby#20', 'CVE-2023-1'].map(of));
	t.deepEqual(table.match(/(?<=\[it holds )[^\]]+/g), [
		'CVE-2023-1',
		String.raw`moby/moby\#20`,
		String.raw`moby/moby\#100`,
	]);
});

test('under the table is why a cell could not be told, until a later run can tell it', t => {
	const lacks = eventsOf(scenarioOf('it holds'), [
		[older.id, 'skipped', 'kernel 6.18 lacks ip_vs'],
		[newer.id, 'skipped', 'kernel 6.18 lacks ip_vs'],
	]);
	t.regex(
		issuesTable([summarise(lacks)]),
		/What could not be decided, and why:\n\n- moby\/moby\\#1, 5\.10\.251, qemu, 20\.10\.24, 26\.1\.5: kernel 6\.18 lacks ip\\_vs\n/,
	);
	t.notRegex(issuesTable([summarise(lacks), summarise(asExpected)]), /could not be decided/);
});

test('a record that lost what was expected has red failures, and one that an older swarmlab wrote is read', t => {
	const [first, ...others] = asExpected as [typeof started, ...Event[]];
	const [scenario] = first.scenarios as [PlannedScenario];
	const damaged = {...scenario, reproduction: {...scenario.reproduction!, expected: [{fails: 7}]}} as never;
	const read = parseRecord(asLines([{...first, scenarios: [damaged]}, ...others]));
	const lost = summarise(read.events);
	t.like(lost.counts, {failed: 1, known: 0});
	t.deepEqual(
		lost.cells.flatMap(({cases}) => cases.flatMap(({expectation}) => expectation ?? [])),
		[],
	);
	t.regex(read.problems.join(), /Line 1 is damaged: scenarios\[0\]\.reproduction\.expected/);
	const {reproduction: _none, ...plain} = scenario;
	const older = parseRecord(asLines([{...first, schema: 2, scenarios: [plain]}, ...others]));
	t.deepEqual(older.problems, []);
	t.like(summarise(older.events).counts, {failed: 1, known: 0});
});
