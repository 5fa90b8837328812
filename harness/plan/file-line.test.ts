import {mkdtempSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {UsageError} from '../errors.ts';
import {chooseByLine, withoutLines} from './file-line.ts';

const scenarios = [
	{title: 'one', file: 'a.ts', line: 3},
	{title: 'two', file: 'a.ts', line: 9},
	{title: 'other', file: 'b.ts', line: 1},
];

const rows: [lines: Record<string, number[]>, titles: string[]][] = [
	[{}, ['one', 'two', 'other']],
	[{'a.ts': [3]}, ['one', 'other']],
	[{'a.ts': [8]}, ['one', 'other']],
	[{'a.ts': [9], 'b.ts': [1]}, ['two', 'other']],
	[{'a.ts': [3, 100]}, ['one', 'two', 'other']],
];

for (const [lines, titles] of rows) {
	test(`the lines ${JSON.stringify(lines)} mean ${titles.join(', ')}`, t => {
		t.deepEqual(
			chooseByLine(scenarios, new Map(Object.entries(lines))).map(({title}) => title),
			titles,
		);
	});
}

test('a line before the first scenario is a usage error with the lines there are', t => {
	const error = t.throws(() => chooseByLine(scenarios, new Map([['a.ts', [2]]])), {
		instanceOf: UsageError,
		message: 'No scenario stands at a.ts:2.',
	});
	t.is(error?.remedy, 'Scenarios begin at: a.ts:3, a.ts:9');
	t.throws(() => chooseByLine(scenarios, new Map([['*.ts', [2]]])), {instanceOf: UsageError});
});

test('a file that has a colon and a number in its name is itself', t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'swarmlab-lines-'));
	writeFileSync(path.join(folder, 'a.ts:5'), '');
	t.deepEqual(withoutLines('a.ts:5', folder), {pattern: 'a.ts:5'});
	t.deepEqual(withoutLines('a.ts:6', folder), {pattern: 'a.ts', line: 6});
	t.deepEqual(withoutLines('a.ts:6:12', folder), {pattern: 'a.ts', line: 6});
	t.deepEqual(withoutLines('scenarios/*.ts', folder), {pattern: 'scenarios/*.ts'});
});

test('a path as plans print it is found from the project, wherever one is', t => {
	t.is(path.basename(withoutLines('scenarios/vip.ts:5', os.tmpdir()).pattern), 'vip.ts');
	t.true(path.isAbsolute(withoutLines('scenarios/vip.ts:5', os.tmpdir()).pattern));
});
