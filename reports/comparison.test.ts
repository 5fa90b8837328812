import test from 'ava';
import type {ClaimComparison} from '../harness/compare/claims.ts';
import type {Comparison} from '../harness/compare/compare.ts';
import {compare} from '../harness/compare/compare.ts';
import type {RunRead} from '../harness/compare/sides.ts';
import type {StateDifference} from '../harness/compare/state.ts';
import {sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {comparisonLines} from './comparison.ts';
import {comparisonBlock} from './comparison-block.ts';
import {comparisonJson} from './comparison-json.ts';

const run: RunRead = {folder: '/runs/one', summary: summarise(sampleRun()), values: new Map()};
const between = (...cells: string[]) => compare([run], {cells, evidenceOf: () => ({evidence: [], problems: []})});

const state: StateDifference = {
	explanations: [
		{
			...{topic: 'sysctl', place: 'lb_*', places: {a: 3, b: 2}, score: 1},
			facts: [
				{key: 'net.ipv4.vs.conn_reuse_mode', a: [{value: '1', places: 3}], b: [{value: '0', places: 2}], score: 1},
			],
		},
		{
			...{topic: 'packet filter', place: 'node', places: {a: 3, b: 3}, score: 1},
			facts: Array.from({length: 20}, (_, index) => ({
				key: `filter: -A DOCKER -j RULE${index} | <b>`,
				a: [
					{value: undefined, places: 2},
					{value: 'there', places: 1},
				],
				b: [{value: 'there', places: 3}],
				score: 0.6,
			})),
		},
	],
	alsoAlike: [
		{
			...{topic: 'modules', place: 'node', places: {a: 3, b: 3}, score: 1},
			facts: ['a', 'b', 'c', 'd'].map(key => ({
				...{key, score: 1},
				a: [{value: 'there', places: 3}],
				b: [{value: undefined, places: 3}],
			})),
		},
	],
	notes: ['w1 has no evidence'],
};

/** Puts a difference of the state into the first claim that differs. */
function withState(comparisons: Comparison[]): Comparison[] {
	return comparisons.map(each => ({
		...each,
		claims: each.claims.map((claim, index, all) => (index === all.findIndex(differs) ? {...claim, state} : claim)),
	}));
}

const differs = ({kind}: ClaimComparison) => kind !== 'none';

test('a comparison names both cells, what differs, the state in few lines, and how much was left out', t => {
	const text = comparisonLines(withState(between('k5.10.251-d20.10.24', 'k6.1.180-d20.10.24'))).join('\n');
	t.regex(text, /^A {2}qemu-k5\.10\.251-d20\.10\.24-1m2w of \S+\nB {2}qemu-k6\.1\.180-d20\.10\.24-1m2w of /);
	t.regex(
		text,
		/ {2}1\. sysctl in lb_\*: 1 difference \(3 \| 2 places read\)\n {7}net\.ipv4\.vs\.conn_reuse_mode: 1 \| 0\n/,
	);
	t.regex(text, /RULE0 \| <b>: not there \(2 of 3\), there \(1 of 3\) \| there\n/);
	t.regex(text, /… 12 more/);
	t.regex(
		text,
		/also where both sides behave alike \(A \| B\):\n {2}- modules: 4 differences \(3 \| 3 places read\)\n {6}a: there \| not there\n(.*\n){2} {6}… 1 more/,
	);
	t.regex(text, /note: w1 has no evidence/);
	t.regex(text, /\d+ claims of \d+ differ$/);
});

test('the block is Markdown, in which texts of logs are no markup', t => {
	const text = comparisonBlock(withState(between('k5.10.251-d20.10.24', 'k6.1.180-d20.10.24')));
	t.regex(text, /\|.*\| cell \| result \|/);
	t.regex(text, /```text\nsysctl in lb_\*/);
	t.notRegex(text.replaceAll(/```[\s\S]*?```/g, ''), /<b>/);
});

test('the JSON has what differs, and neither runs nor records', t => {
	const [json] = withState(between('k5.10.251-d20.10.24', 'k6.1.180-d20.10.24')).map(comparisonJson);
	const text = JSON.stringify(json);
	t.true(text.length < 60_000, String(text.length));
	const {differences} = json as {differences: {a: {verdict: string}[]; state?: StateDifference}[]};
	t.true(differences.some(each => each.state?.explanations.length === 2));
	t.true(differences.every(({a}) => a.every(({verdict}) => typeof verdict === 'string')));
});

test('cells that do not differ have one line', t => {
	const lines = comparisonLines(
		compare([run, run], {cells: ['k6.1.180-d26.1.5'], evidenceOf: () => ({evidence: [], problems: []})}),
	);
	t.regex(lines.at(-1)!, /^0 claims of \d+ differ/);
});
