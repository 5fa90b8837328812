import test from 'ava';
import {UsageError} from '../errors.ts';
import {collect, collectCsv} from './command.ts';
import {filterOffered} from './offered.ts';
import {oldRuns} from './old-runs.ts';
import {createProgram} from './program.ts';
import {table} from './table.ts';
import {unknownCommand} from './unknown-command.ts';

test('a list option takes commas and repetition, a text option only repetition', t => {
	t.deepEqual(collectCsv('6.1, 6.12', ['5.10']), ['5.10', '6.1', '6.12']);
	t.deepEqual(collect('a, b', ['c']), ['c', 'a, b']);
});

test('a table has columns as wide as needed and no blanks at the ends of lines', t => {
	t.is(
		table([
			['A', 'BB', 'C'],
			['aaa', '', 'c'],
			['', 'b', ''],
		]),
		['A    BB  C', 'aaa      c', '     b'].join('\n'),
	);
	t.is(table([]), '');
});

const kernels = [
	{label: '6.12.1', source: {suite: 'trixie'}},
	{label: '6.1.180', source: {suite: 'bookworm'}},
];

const offers: [text: string | undefined, labels: string[]][] = [
	[undefined, ['6.12.1', '6.1.180']],
	['6.1', ['6.1.180']],
	['6', ['6.12.1', '6.1.180']],
	['TRIX', ['6.12.1']],
];

for (const [text, labels] of offers) {
	test(`asked for ${text ?? 'nothing'}, ${labels.join(' and ')} are offered`, t => {
		t.deepEqual(
			filterOffered('kernel', kernels, text, ['trixie']).map(({label}) => label),
			labels,
		);
	});
}

test('a listing understands what is typed elsewhere, and names what is enough to type', t => {
	const many = [...kernels, {label: '6.12.1-generic', source: {suite: 'trixie'}}];
	const labelsFor = (text: string) => filterOffered('kernel', many, text, ['trixie']).map(({label}) => label);
	t.deepEqual(labelsFor('v6.1'), ['6.1.180']);
	t.deepEqual(labelsFor('"6.12"'), ['6.12.1', '6.12.1-generic']);
	t.deepEqual(labelsFor('6.*'), ['6.12.1', '6.1.180', '6.12.1-generic']);
	t.throws(() => labelsFor('9.9'), {message: "No kernel matches '9.9'. The nearest: 6.12.1."});
	t.throws(() => labelsFor('trixei'), {message: "No kernel matches 'trixei'. The nearest: trixie."});
});

test('what is not offered is reported with the nearest that is', t => {
	t.throws(() => filterOffered('kernel', kernels, '6.7', ['trixie']), {
		instanceOf: UsageError,
		message: "No kernel matches '6.7'. The nearest: 6.1.180, 6.12.1.",
	});
	t.throws(() => filterOffered('engine', [], undefined, ['trixie']), {message: 'The suites trixie offer no engine.'});
});

test('the oldest runs go, by hand or not; those in use and foreign folders stay', t => {
	const names = [
		'2026-11-23T10-00-00-ab',
		'hand-2026-11-22T10-00-00-cd',
		'2026-11-21T10-00-00-ef',
		'2026-11-20T10-00-00-gh',
		'my-notes',
		'latest',
	];
	t.deepEqual(oldRuns(names, 2, []), ['2026-11-20T10-00-00-gh', '2026-11-21T10-00-00-ef']);
	t.deepEqual(oldRuns(names, 1, ['hand-2026-11-22T10-00-00-cd']), ['2026-11-20T10-00-00-gh', '2026-11-21T10-00-00-ef']);
	t.deepEqual(oldRuns(names, 50, []), []);
});

const unknown: [name: string, message: RegExp][] = [
	['plam', /Did you mean plan\?/],
	['destroy', /Did you mean down\?/],
	['ls', /Did you mean status\?/],
	['version', /Did you mean --version\?/],
	['constructor', /The commands are: init, run, reproduce, plan/],
	['nope', /The commands are: init, run, reproduce, plan/],
];

for (const [name, message] of unknown) {
	test(`the command '${name}', which there is not, is reported with what was meant`, t => {
		const {code, message: said} = unknownCommand(
			name,
			createProgram('0', () => {}),
		);
		t.is(code, 'commander.unknownCommand');
		t.regex(said, message);
	});
}
