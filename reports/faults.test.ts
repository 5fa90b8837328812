import test from 'ava';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {faultyCases} from './faults.ts';
import {htmlPage} from './html/page.ts';
import {junitOfRun} from './junit.ts';
import {markdown} from './markdown.ts';

const faults = [
	{
		what: 'udp to port 4789 from m1 to w1 is dropped',
		at: '2026-11-22T22:41:00.000Z',
		healedAt: '2026-11-22T22:41:30.000Z',
		matched: 12,
		dropped: 12,
		changed: 0,
	},
	{what: 'arp is dropped', at: '2026-11-22T22:41:00.000Z', healedAt: '', matched: 1, dropped: 1, changed: 0},
	{what: 'w1: its MTU is 1400', by: 'by hand', at: '2026-11-22T22:40:00.000Z', healedAt: ''},
];

/** The sample run, in which the first claim that passed had faults. */
function withFaults() {
	const events = sampleRun();
	const first = events.find(each => each.event === 'result' && each.result.verdict === 'passed');
	return summarise(
		events.map(each =>
			each === first && each.event === 'result' ? {...each, result: {...each.result, faults}} : each,
		),
	);
}

const line = 'udp to port 4789 from m1 to w1 is dropped (22:41:00 to 22:41:30 UTC; 12 frames, 12 dropped, 0 changed)';

test('a claim that passed under faults keeps them, and only that claim has any', t => {
	const found = faultyCases(withFaults());
	t.is(found.length, 1);
	t.deepEqual(found[0]!.lines, [
		line,
		'arp is dropped (22:41:00 and not healed by the scenario; 1 frame, 1 dropped, 0 changed)',
		'w1: its MTU is 1400 (put in by hand at 22:40:00 UTC)',
	]);
	t.deepEqual(faultyCases(summarise(sampleRun())), []);
});

test('JUnit, the summary and the page have the faults of a claim', t => {
	const summary = withFaults();
	t.true(junitOfRun(summary).includes(`<property name="fault 1" value="${line}"/>`));
	t.true(markdown(summary).includes(line));
	t.true(htmlPage(summary).includes(line));
	t.deepEqual(JSON.parse(JSON.stringify(summary.cells[0]!.cases.find(each => each.faults))).faults, faults);
});
