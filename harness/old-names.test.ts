import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {oldNames, oldNameWarnings} from './old-names.ts';
import {packageRoot} from './package.ts';

test('an old name is reported once, with the first places where files use it', t => {
	const now = 'fixture()';
	t.deepEqual(
		oldNameWarnings([
			{old: 'arrangement()', now, file: 'a.ts', line: 3},
			{old: 'arrangement()', now, file: 'b.ts'},
			{old: '--stages', now: '--reuse-fixtures'},
			{old: 'arrangement()', now, file: 'a.ts', line: 3},
			...[1, 2, 3, 4, 5].map(line => ({old: '{spoils: …}', now: '{modifies: …}', file: 'c.ts', line})),
		]),
		[
			'arrangement() is called fixture() now (a.ts:3, b.ts). The old name goes with the next release.',
			'--stages is called --reuse-fixtures now. The old name goes with the next release.',
			'{spoils: …} is called {modifies: …} now (c.ts:1, c.ts:2, c.ts:3, 2 more). The old name goes with the next release.',
		],
	);
});

test('docs/old-names.md has a row for every old name', t => {
	const text = readFileSync(path.join(packageRoot, 'docs/old-names.md'), 'utf8');
	const rows = Object.values(oldNames).flatMap(names => Object.entries(names));
	t.true(rows.length > 7);
	t.deepEqual(
		rows.filter(
			([old, now]) =>
				!text.split('\n').some(line => line.includes(old) && line.slice(line.indexOf(old) + old.length).includes(now)),
		),
		[],
	);
});
