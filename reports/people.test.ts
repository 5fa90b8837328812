import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {nodesOf} from '../harness/model/index.ts';
import {asLines, hostileText, sampleRun, scenarios} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {compatibilityTable} from './compatibility.ts';
import {endingLines} from './ending.ts';
import {block, code, words} from './gfm.ts';
import {htmlPage} from './html/page.ts';
import {junitOfRun} from './junit.ts';
import {labels} from './labels.ts';
import {markdown} from './markdown.ts';
import {timedLine} from './plain.ts';
import {advance, noProgress} from './progress.ts';
import {coloursFor} from './screen.ts';
import {terminalLines} from './terminal.ts';
import {clock, duration, measured} from './words.ts';

const events = sampleRun();
const summary = summarise(events);
const none = coloursFor({isTTY: true}, {NO_COLOR: '1'});

/** The texts of the sample run; SWARMLAB_GOLDEN=1 writes them anew: read the difference before you commit it. */
const texts: Record<string, () => string> = {
	'sample.summary.md': () => markdown(summary),
	'sample.compatibility.md': () => compatibilityTable(summary),
	'sample.plain.txt': () =>
		events.flatMap(each => timedLine(each, Date.parse(events[0]?.at ?? ''), none) ?? []).join('\n'),
	'sample.ending.txt': () => endingLines(summary, 'reports/runs/sample', none).join('\n'),
	'sample.terminal.txt': () => [14, 18, 24, 72, 118].map(count => screenAfter(count).join('\n')).join('\n---\n'),
};

for (const [name, make] of Object.entries(texts)) {
	test(`the report of the sample run: ${name}`, t => {
		const file = path.join(import.meta.dirname, 'fixtures', name);
		if (process.env.SWARMLAB_GOLDEN) {
			fs.writeFileSync(file, make());
		}

		t.is(make(), fs.readFileSync(file, 'utf8'));
	});
}

function screenAfter(count: number, columns = 90): string[] {
	const seen = events.slice(0, count);
	return terminalLines(seen.reduce(advance, noProgress), {
		columns,
		now: Date.parse(seen.at(-1)?.at ?? '') + 3000,
		colours: none,
	});
}

test('no live line is wider than the terminal or holds what a terminal obeys', t => {
	for (let count = 0; count < events.length; count += 3) {
		for (const columns of [40, 57, 120]) {
			const bad = screenAfter(count, columns).filter(line => [...line].length > columns || /\p{Cc}/u.test(line));
			t.deepEqual(bad, [], `${columns} columns, ${count} events`);
		}
	}
});

test('colours are for terminals, and FORCE_COLOR has the last word, as in Node', t => {
	const on = (isTTY: boolean, environment: NodeJS.ProcessEnv) => coloursFor({isTTY}, environment).red('x') !== 'x';
	t.true(on(true, {}));
	t.false(on(false, {}));
	t.true(on(false, {FORCE_COLOR: '1'}));
	t.true(on(false, {NO_COLOR: '1', FORCE_COLOR: '1'}));
	t.false(on(true, {NO_COLOR: '1'}));
	t.true(on(true, {NO_COLOR: ''}));
	t.false(on(true, {FORCE_COLOR: '0'}));
	t.false(on(true, {TERM: 'dumb'}));
});

test('the page asks for nothing from outside, runs nothing, and its links lead somewhere', t => {
	const page = htmlPage(summary);
	t.notRegex(page, /<script|<iframe|<img|@import|url\(|https?:\/\/|\son\w+=/i);
	const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, to = '']) => to);
	for (const to of links) {
		t.true(
			to === 'data:,' || to.startsWith('./cells/') || (to.startsWith('#') && page.includes(`id="${to.slice(1)}"`)),
			to,
		);
	}

	t.is(
		links.filter(each => each.startsWith('./')).length,
		summary.cells.flatMap(each => each.cases).flatMap(each => each.evidence).length,
	);
	t.is(links.filter(each => each.startsWith('#')).length, summary.counts.failed + summary.counts.broken + 5);
	for (const {title} of scenarios) {
		t.true(page.includes(`<th scope="row">${title}</th>`), title);
	}

	t.false(page.includes('<b> "quote"'));
	t.true(page.includes('&lt;b&gt; &quot;quote&quot;'));
});

test('whatever was said is text on the page and in the summary, never markup', t => {
	const start = events[0] as Extract<(typeof events)[0], {event: 'run-started'}>;
	const run = (text: string) =>
		summarise([
			{
				...start,
				run: text,
				scenarios: [{title: text, file: text}],
				host: {...start.host, hostname: text},
				command: [text],
			},
		]);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string({unit: 'binary'}),
				fc.constantFrom('<script>', '"><a href=x>', '$' + '{x}', '`', '````', '|', hostileText),
			),
			text => {
				const page = htmlPage(run(text));
				const tags = [...page.matchAll(/<([a-z]+)/g)].map(([, name]) => name);
				return (
					!tags.includes('script') &&
					(page.match(/<a /g)?.length ?? 0) === 12 &&
					!/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(page + markdown(run(text)))
				);
			},
		),
		{numRuns: 60},
	);
	t.pass();
});

test('every report can be made of a record that is cut off anywhere', t => {
	const bytes = Buffer.from(asLines(events));
	for (let length = 0; length < bytes.length; length += 1499) {
		const read = parseRecord(bytes.subarray(0, length).toString());
		const cut = summarise(read.events, read.problems);
		t.true(
			[htmlPage(cut), markdown(cut), compatibilityTable(cut), endingLines(cut, 'x', none).join('\n')].every(
				each => each.length > 0,
			),
		);
		t.regex(markdown(cut), /did not come to its end/);
	}
});

test('the table of kernels and engines does not say of a cell that was not begun that it did not come up', t => {
	const planned = events.slice(
		0,
		events.findIndex(({event}) => event === 'cell-stage'),
	);
	const cut = compatibilityTable(summarise(planned, []));
	t.regex(cut, /– not begun/);
	t.notRegex(cut, /did not come up/);
});

test('Markdown shows what was said letter by letter', t => {
	t.is(words('a|b\n*c* <d> @e'), 'a\\|b \\*c\\* &lt;d\\> @\u200Be');
	t.is(block('```\ninner\n```'), '````text\n```\ninner\n```\n````');
	t.is(code('a`b'), '`` a`b ``');
});

test('a cell is called by what distinguishes it from the others', t => {
	const [one] = summary.cells.map(each => each.cell);
	const cell = one as NonNullable<typeof one>;
	const larger = {...cell, nodes: nodesOf({managers: 1, workers: 4, memory: 1024, cpus: 1}, cell.nodes[0]!)};
	t.deepEqual(labels([cell]), [{kernel: '5.10.251', engine: '20.10.24', more: ''}]);
	t.deepEqual(
		labels([cell, larger]).map(each => each.more),
		['1m2w', '1m4w'],
	);
});

test('times and values are written as people write them', t => {
	t.deepEqual([0, 2.14, 59.96, 96.4, 3599.6, 7500].map(duration), [
		'0.0 s',
		'2.1 s',
		'1 min 0 s',
		'1 min 36 s',
		'1 h 0 min',
		'2 h 5 min',
	]);
	t.deepEqual([-1, 7.9, 760, 3723].map(clock), ['0:00', '0:07', '12:40', '1:02:03']);
	t.deepEqual([412, 0.0213456, 1.842, 12_345.678].map(measured), ['412', '0.02135', '1.842', '12350']);
});

test('one of anything is reported in the singular, everywhere', t => {
	const start = events[0] as Extract<(typeof events)[0], {event: 'run-started'}>;
	const {cells, host} = start;
	const [cell] = cells as [(typeof cells)[0]];
	const alone = {...cell, nodes: nodesOf({managers: 1, workers: 1, memory: 1024, cpus: 1}, cell.nodes[0]!)};
	const small = {...start, cells: [alone], scenarios: scenarios.slice(0, 1), host: {...host, cpus: 1}};
	const one = summarise([
		small,
		{
			at: start.at,
			event: 'cell-finished',
			cell: cell.id,
			outcome: {state: 'broken', reason: {message: 'no', type: 'E', details: ''}},
			seconds: 1,
		},
		{at: start.at, event: 'run-finished', seconds: 1},
	]);
	const texts = [
		markdown(one),
		htmlPage(one),
		junitOfRun(one),
		compatibilityTable(one),
		endingLines(one, 'x', none).join('\n'),
		timedLine(small, 0, none) ?? '',
		terminalLines(advance(noProgress, small), {columns: 100, now: 0, colours: none}).join('\n'),
	];
	for (const text of texts) {
		t.notRegex(text, /(?<!\+ )\b1 (cells|scenarios|claims|machines|CPUs|managers|workers|repetitions)\b/);
	}

	t.regex(texts[4] ?? '', / on 1 cell in /);
});
