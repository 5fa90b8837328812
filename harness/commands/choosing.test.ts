import test from 'ava';
import {UsageError} from '../errors.ts';
import type {PlannedScenario} from '../model/index.ts';
import {cells, scenarios as sample, sampleRun} from '../record/fixtures/sample-run.ts';
import {notProvisioned} from '../record/summary/missing.ts';
import {provisionId} from '../record/summary/provision.ts';
import {summarise} from '../record/summary/summarise.ts';
import {type ChoosingFlags, chooseByGrep, chooseByTag, earlyEndOf} from './choosing.ts';
import {cellsOf, redOf, scenariosOf} from './last-failed.ts';

const scenarios: PlannedScenario[] = ['the mesh answers @smoke', 'a name resolves', 'a Name has no AAAA'].map(
	title => ({
		title,
		file: 'scenarios/a.ts',
	}),
);
const titles = (flags: ChoosingFlags) => chooseByGrep(scenarios, flags).map(({title}) => title.slice(0, 6));

test('--grep is a regular expression on titles; case does not count, and several are alternatives', t => {
	t.deepEqual(titles({}), ['the me', 'a name', 'a Name']);
	t.deepEqual(titles({grep: ['^a name']}), ['a name', 'a Name']);
	t.deepEqual(titles({grep: ['@smoke', 'AAAA$']}), ['the me', 'a Name']);
});

test('--grep-invert takes away, also from what --grep chose', t => {
	t.deepEqual(titles({grepInvert: ['@smoke']}), ['a name', 'a Name']);
	t.deepEqual(titles({grep: ['name'], grepInvert: ['resolves', 'mesh']}), ['a Name']);
});

const tagged: PlannedScenario[] = [
	{title: 'one', file: 'scenarios/a.ts', tags: ['smoke', 'dns']},
	{title: 'two', file: 'scenarios/a.ts', tags: ['slow']},
	{title: 'three', file: 'scenarios/a.ts'},
];
const byTag = (flags: ChoosingFlags) => chooseByTag(tagged, flags).map(({title}) => title);

test('--tag takes what has one of the tags, and --skip-tag takes away', t => {
	t.deepEqual(byTag({}), ['one', 'two', 'three']);
	t.deepEqual(byTag({tag: ['dns', 'slow']}), ['one', 'two']);
	t.deepEqual(byTag({skipTag: ['slow']}), ['one', 'three']);
	t.deepEqual(byTag({tag: ['smoke', 'slow'], skipTag: ['slow']}), ['one']);
});

const wrongTags: [flags: ChoosingFlags, message: RegExp][] = [
	[{tag: ['smok']}, /^--tag: no scenario has the tag 'smok'\. Did you mean smoke\?$/],
	[{skipTag: ['nightly']}, /^--skip-tag: no scenario has the tag 'nightly'\.$/],
	[{tag: ['slow'], skipTag: ['slow']}, /^The tags leave no scenario of 3\.$/],
];
for (const [flags, message] of wrongTags) {
	test(`${JSON.stringify(flags)} is wrong usage, too`, t => {
		t.throws(() => byTag(flags), {instanceOf: UsageError, message});
	});
}

const wrong: [flags: ChoosingFlags, message: RegExp][] = [
	[{grep: ['(']}, /^--grep: '\(' is no regular expression: .*[Uu]nterminated group/],
	[{grepInvert: [' ']}, /^--grep-invert: ' ' chooses nothing/],
	[{grep: ['x'], grepInvert: ['y']}, /^--grep 'x' and --grep-invert 'y' leave no scenario of 3\.$/],
];
for (const [flags, message] of wrong) {
	test(`${JSON.stringify(flags)} is wrong usage`, t => {
		t.throws(() => chooseByGrep(scenarios, flags), {instanceOf: UsageError, message});
	});
}

test('a number of failures is a whole number', t => {
	t.deepEqual(earlyEndOf({maxFailures: '3'}), {maxFailures: 3});
	t.deepEqual(earlyEndOf({untilFailure: true}), {untilFailure: true});
	t.deepEqual(earlyEndOf({}), {});
	for (const maxFailures of ['0', '-1', '1.5', '', 'one']) {
		t.throws(() => earlyEndOf({maxFailures}), {message: /^--max-failures: '.*' is not valid\. Valid: a whole number/});
	}
});

const summary = summarise(sampleRun());
const names = {provisionId, notProvisioned};

test('what was red in the last run is chosen, with its cells; a cell that did not come up has what was not proven on it', t => {
	const red = redOf(summary, names);
	for (const {cell, cases} of summary.cells) {
		const expected = cases.filter(
			each =>
				each.file !== '' &&
				(['failed', 'broken'].includes(each.verdict) || /^cell not provisioned/.test(each.reason?.message ?? '')),
		);
		t.is(red.cells.get(cell.id)?.size ?? 0, expected.length, cell.id);
	}

	const chosen = scenariosOf(sample, red);
	t.true(chosen.length > 0);
	t.deepEqual(
		cellsOf(cells, red).map(({id}) => id),
		cells.map(({id}) => id).filter(id => red.cells.has(id)),
	);
	t.true(red.cells.size < cells.length);
});

test('where nothing was red, or nothing of it is planned, that is said', t => {
	const green = {...summary, cells: summary.cells.map(each => ({...each, cases: []}))};
	t.throws(() => redOf(green, names), {instanceOf: UsageError, message: /^Nothing failed in the last run/});
	const red = redOf(summary, names);
	t.throws(() => scenariosOf(scenarios, red), {message: /^None of the scenarios that failed in the last run/});
	t.throws(() => cellsOf([], red), {message: /^None of the cells on which something failed .* is planned: qemu-/});
});
