/** The bench of the diagnosis: its causes are ordinary faults, and what was named is judged strictly. */
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {causes} from '../bench/diagnosis-causes.ts';
import {judge, type Named} from '../bench/diagnosis-judge.ts';
import {causeMatrix} from '../bench/diagnosis-matrix.ts';
import {type CauseRun, causeTables} from '../bench/diagnosis-table.ts';
import {optionsFrom} from '../harness/commands/node-fault.ts';
import {signatures} from '../harness/diagnosis/diagnose.ts';
import {nodeFaultNames, parseOptions, requireNodeFault} from '../harness/faults/table.ts';
import {packageRoot} from '../harness/package.ts';

const named = (id: string, ...nodes: string[]): Named => ({id, confidence: 'certain', nodes});
const one = {names: [['a']], nodes: ['m1']};
const two = {names: [['a'], ['b', 'c']]};

for (const [what, cause, list, outcome] of [
	['the cause, on its node', one, [named('a', 'm1')], 'right'],
	['nothing', one, [], 'missed'],
	['only another one', one, [named('z', 'm1')], 'wrong'],
	['another one first', one, [named('z', 'm1'), named('a', 'm1')], 'later'],
	['something else, too', one, [named('a', 'm1'), named('z', 'w1')], 'false'],
	['something else that is right, too', {...one, also: ['z']}, [named('a', 'm1'), named('z')], 'right'],
	['another node', one, [named('a', 'w1')], 'elsewhere'],
	['one node too many', one, [named('a', 'm1', 'w1')], 'elsewhere'],
	['both causes', two, [named('c'), named('a')], 'right'],
	['one of two causes', two, [named('a')], 'wrong'],
	['anything where nothing was put in', {names: []}, [named('a')], 'false'],
	['nothing where nothing was put in', {names: []}, [], 'right'],
] as const) {
	test(`judged: ${what} is ${outcome}`, t => {
		t.is(judge(cause, list), outcome);
	});
}

test('every cause has an id of its own, at least 35 are put in, and what they must name is in the table of causes', t => {
	const ids = causes.map(({id}) => id);
	t.is(new Set(ids).size, ids.length);
	t.true(causes.filter(({names}) => names.length === 1).length >= 35);
	t.true(causes.filter(({names}) => names.length === 2).length >= 5);
	const known = signatures.map(({id}) => id);
	t.deepEqual(
		causes.flatMap(({names}) => names.flat()).filter(id => !known.includes(id)),
		[],
	);
});

test('every fault of a node is one that `swarmlab fault add` takes, with its options', t => {
	const inNodes = causes.flatMap(({faults}) => faults).filter(words => words.includes(' --with ') || isInNode(words));
	t.true(inNodes.length > 30);
	for (const words of inNodes) {
		const [kind = '', ...rest] = words.split(' ');
		const given = rest.flatMap((word, at) => (rest[at - 1] === '--with' ? [word] : []));
		t.notThrows(() => parseOptions(requireNodeFault(kind), optionsFrom(given)), words);
	}
});

function isInNode(words: string): boolean {
	return (nodeFaultNames as readonly string[]).includes(words.split(' ')[0]!);
}

const run = (cause: string, more: Partial<CauseRun>): CauseRun => ({
	...{cause, repetition: 1, asked: {docker: '20.10.24', kernel: '6.1', provider: 'qemu'}},
	...{cell: 'kernel 6.1.0, Docker 20.10.24', at: '2026-11-27T00:00:00Z', load: 2, named: []},
	...more,
});

test('the table tells what was put in, what was named, and the sums', t => {
	const text = causeTables(causes, [
		run('stale-backend', {outcome: 'right', named: [named('stale-backend', 'm1')], failed: '2/18', evidenceSeconds: 9}),
		run('fdb-missing', {outcome: 'missed', failed: '6/18', evidenceSeconds: 8, diagnosisMs: 40}),
		run('disk', {trouble: 'the fault could not be put in'}),
	]);
	t.regex(text, /\| a dead address in the balancer on m1 \| `stale-backend` m1 \| right \| 2\/18 \| 9\.0 \|/);
	t.regex(text, /\| nothing \| missed \|/);
	t.regex(text, /not judged: the fault could not be put in/);
	t.regex(text, /2 judged: 1 right, 1 missed\./);
});

test('one table has a column for each cell: how often each cause was right, and what was named instead', t => {
	const newer = {asked: {docker: '28.5.2', kernel: '6.12', provider: 'qemu'}, cell: 'kernel 6.12.1, Docker 28.5.2'};
	const right: Partial<CauseRun> = {outcome: 'right', named: [named('stale-backend', 'm1')]};
	const lines = causeMatrix(causes, [
		run('stale-backend', right),
		run('stale-backend', {...right, repetition: 2}),
		run('stale-backend', {...newer, outcome: 'wrong', named: [named('disk-full', 'w2')]}),
		run('fdb-missing', {...newer, outcome: 'missed'}),
		run('disk', {trouble: 'the fault could not be put in'}),
	]).split('\n');
	t.regex(lines[0]!, /\| qemu, kernel 6\.1\.0, Docker 20\.10\.24 \| qemu, kernel 6\.12\.1, Docker 28\.5\.2 \|$/);
	t.deepEqual(lines.slice(2), [
		'| a dead address in the balancer on m1 | `stale-backend` m1 | 2 of 2 | 0 of 1; wrong: `disk-full` w2 |',
		'| the forwarding rows of an overlay gone on w2 | (`forward-row-missing` or `forward-row-learned`) |  | 0 of 1; missed |',
		'| all |  | 2 of 2 | 0 of 2 |',
	]);
});

test('the bench lists its causes, and refuses one that it does not have', async t => {
	const bench = async (...words: string[]) =>
		execa(process.execPath, [path.join(packageRoot, 'bench/diagnosis.ts'), ...words], {reject: false, all: true});
	const listed = await bench('--list', '--cause', 'rule-*');
	t.is(listed.exitCode, 0);
	t.regex(listed.stdout, /fault add drop-packets --node w1 --with protocol=udp --with port=4789/);
	const wrong = await bench('--cause', 'stale-bakend');
	t.is(wrong.exitCode, 64);
	t.regex(wrong.all, /Did you mean stale-backend/);
});
