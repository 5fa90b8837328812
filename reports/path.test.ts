import test from 'ava';
import type {Diagnosis, PacketPath, Result} from '../harness/model/index.ts';
import {asLines, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {disagreeingCases} from './agreement.ts';
import {endingLines} from './ending.ts';
import {all, faults, parse} from './fixtures/read-junit.ts';
import {htmlPage} from './html/page.ts';
import {junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';
import {plainLine} from './plain.ts';
import {coloursFor} from './screen.ts';

const way: PacketPath = {
	...{from: 'm1', to: 'w1', network: 'net1', address: '10.0.1.3'},
	sentence:
		'A packet from a client on m1 to 10.0.1.3 on w1 (network net1) stops between the VXLAN devices of m1 and w1: nothing.',
	hops: [
		{at: 'client', node: 'm1', state: 'passes', says: ['web.1 10.0.1.4: sent 18, received 20']},
		{at: 'balancer', node: 'm1', state: 'passes', says: ['row 10.0.1.3, weight 1, 7 connections']},
		{
			at: 'sender',
			node: 'm1',
			state: 'passes',
			says: ['10.0.1.3 is 02:42:0a:00:01:03, at 10.99.0.2', 'vxlan0 sent 16'],
		},
		{at: 'wire', node: '', state: 'stops', says: ['nothing comes back: 0 of 4 echo requests were answered']},
		{at: 'receiver', node: 'w1', state: 'unknown', says: ['vxlan0 was not counted twice']},
		{at: 'task', node: 'w1', state: 'unknown', says: []},
	],
};

const diagnosis: Diagnosis = {
	schema: 1,
	sentence: 'VXLAN is lost between the nodes.',
	...{causes: [], disagreements: [], ruledOut: [], next: [], aside: ['Another thing. This claim does not ask for it.']},
	paths: [way],
	timeline: [
		{at: '2026-11-27T01:00:10.000Z', node: '', source: 'scenario', text: 'it began'},
		{at: '2026-11-27T01:00:12.345Z', node: 'w1', source: 'engine', text: 'error: said no'},
	],
};

/** The sample run, changed in its first result of a verdict. */
function withResult(verdict: Result['verdict'], change: (result: Result) => Result) {
	const events = sampleRun();
	const first = events.find(each => each.event === 'result' && each.result.verdict === verdict);
	const lines = events.map(each =>
		each === first && each.event === 'result' ? {...each, result: change(each.result)} : each,
	);
	// As it is read from a record.
	return parseRecord(asLines(lines as never));
}

const diagnosed = (of: Diagnosis) =>
	withResult('failed', result => ({...result, reason: {...result.reason!, diagnosis: of}}));

test('the page draws the way over its nodes, with what is known of each place, and says it in words', t => {
	const page = htmlPage(summarise(diagnosed(diagnosis).events));
	const figure = /<figure class="way">[\s\S]*?<\/figure>/.exec(page)![0];
	t.true(figure.includes(`<figcaption>${way.sentence}</figcaption>`));
	t.regex(figure, /<svg [^>]*role="img" aria-label="A packet from a client/);
	t.is([...figure.matchAll(/<rect class="hop"/g)].length, 6);
	t.deepEqual(
		[...figure.matchAll(/<text class="node"[^>]*>(.*?)</g)].map(([, name]) => name),
		['m1', 'w1'],
	);
	t.is([...figure.matchAll(/<g class="stops">/g)].length, 1);
	t.is([...figure.matchAll(/class="arrow lost"/g)].length, 2);
	t.true(figure.includes('<li>✗ between nodes: nothing comes back: 0 of 4 echo requests were answered</li>'));
	t.true(figure.includes('<li>? task, w1: the evidence has nothing about it</li>'));
	t.notRegex(page, /<script/);
	t.true(page.indexOf(diagnosis.sentence) < page.indexOf('<figure class="way"'));
	t.true(page.indexOf('<figure class="way"') < page.indexOf('class="plain timeline"'));
	t.regex(page, /<time>01:00:12\.345<\/time><\/td><td>w1<\/td><td>engine<\/td><td>error: said no</);
});

test('the summary and JUnit have the same in words', async t => {
	const summary = summarise(diagnosed(diagnosis).events);
	const text = markdown(summary);
	for (const line of [
		way.sentence,
		'  ✗ between nodes: nothing comes back',
		'  ? task, w1: the evidence has nothing about it',
	]) {
		t.true(text.includes(line), line);
		t.true(junitOfRun(summary).includes(line), line);
	}

	t.true(text.includes('\n01:00:10.000  cell  scenario  it began\n01:00:12.345  w1    engine    error: said no\n'));
	t.true(text.includes('Aside: Another thing. This claim does not ask for it.'));
	t.deepEqual(await faults(junitOfRun(summary)), []);
});

test('the last lines of a run have the sentence and what to do', t => {
	const {sentence} = diagnosis;
	const cause = {
		id: 'vxlan-lost',
		cause: sentence,
		blame: 'network',
		confidence: 'likely',
		remedy: 'Open it.',
		lines: [],
	} as const;
	const {events} = diagnosed({...diagnosis, causes: [{...cause, lines: [], nodes: []}]});
	const lines = endingLines(summarise(events), 'runs/x', coloursFor({isTTY: false} as NodeJS.WriteStream));
	const at = lines.indexOf(`    Diagnosis: ${sentence}`);
	t.deepEqual(lines.slice(at, at + 2), [`    Diagnosis: ${sentence}`, '    → Open it. (vxlan-lost)']);
});

const hostile = `</svg><script>alert(1)</script>"' onload=x & <!-- \`|\` \u001b[31m \u0000 ${'x'.repeat(300)}`;

test('texts that mean harm stay texts, in the drawing and in the time line', async t => {
	const harmful = JSON.parse(
		JSON.stringify(diagnosis, (key, value) =>
			typeof value === 'string' && !['at', 'state', 'source', 'schema'].includes(key) ? hostile : value,
		),
	) as Diagnosis;
	const {events, problems} = diagnosed(harmful);
	t.deepEqual(problems, []);
	const summary = summarise(events);
	const page = htmlPage(summary);
	t.false(/<script|onload=x &(?!amp;)/.test(page));
	t.is([...page.matchAll(/<svg class="path"/g)].length, [...page.matchAll(/<\/svg><\/div>/g)].length);
	const ending = endingLines(summary, 'x', coloursFor({isTTY: false} as NodeJS.WriteStream));
	for (const text of [page, markdown(summary), ...ending]) {
		t.false(text.includes('\u001b') || text.includes('\u0000'));
	}

	t.deepEqual(await faults(junitOfRun(summary)), []);
});

test('a record without ways and with damaged ones is read, and nothing is drawn that is not there', t => {
	const {paths, timeline, aside, ...older} = diagnosis;
	const page = htmlPage(summarise(diagnosed(older).events));
	t.notRegex(page, /<figure class="way"|class="plain timeline"/);
	const damaged = {...diagnosis, paths: [{...way, hops: [{at: 'nowhere', node: 1, state: 'maybe', says: 'x'}]}]};
	const {events} = diagnosed(damaged as unknown as Diagnosis);
	t.notThrows(() => htmlPage(summarise(events)));
});

const disagreements = [
	{node: 'm1', says: "m1 balances to 10.0.1.250 on network net1, which is no task's address", lines: []},
	{node: 'w1', says: 'the kernel of w1 reported: WARNING: CPU: 0 PID: 1', lines: []},
];

test('nodes that do not agree are told everywhere, and the claim holds all the same', async t => {
	const {events} = withResult('passed', result => ({...result, disagreements}));
	const summary = summarise(events);
	const before = summarise(sampleRun());
	t.deepEqual(summary.counts, before.counts);
	t.deepEqual(disagreeingCases(before), []);
	const [found, ...others] = disagreeingCases(summary);
	t.deepEqual(others, []);
	t.deepEqual(
		found!.lines,
		disagreements.map(({says}) => says),
	);
	const xml = junitOfRun(summary);
	t.deepEqual(await faults(xml), []);
	const properties = all(parse(xml), 'property').filter(({attributes}) => /^disagreement/.test(attributes.name!));
	t.deepEqual(
		properties.map(({attributes}) => [attributes.name, attributes.value]),
		disagreements.map(({says}, index) => [`disagreement ${index + 1}`, says]),
	);
	t.true(htmlPage(summary).includes('The nodes do not agree, though the claim holds'));
	t.true(markdown(summary).includes('## The nodes do not agree, though the claim holds'));
	const colours = coloursFor({isTTY: false} as NodeJS.WriteStream);
	t.true(endingLines(summary, 'runs/x', colours).some(line => line.includes('10.0.1.250')));
	const line = events.map(each => plainLine(each, colours)).find(each => each?.includes('do not agree'));
	t.regex(line!, /^✓ passed .* · the nodes do not agree: m1 balances to 10\.0\.1\.250 .*, and 1 more$/);
	const kept = JSON.parse(JSON.stringify(summary.cells[0]!.cases.find(each => each.disagreements)));
	t.deepEqual(kept.disagreements, disagreements);
});
