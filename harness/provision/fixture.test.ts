import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {fixtureRecipe} from './fixture.ts';
import {savedFixtureFile} from './snapshots.ts';

test('what a fixture is known by follows its file and all that it imports, and nothing else', async t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'fixture-'));
	const write = (name: string, text: string) => {
		mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
		writeFileSync(path.join(folder, name), text);
	};
	write('scenarios/web.ts', "import {a} from '../lib/a.ts';\nimport {missing} from './missing.ts';");
	write('lib/a.ts', "export {b as a} from './deep/b.ts';");
	write('lib/deep/b.ts', "import '../a.ts';\nexport const b = 1;");
	write('scenarios/other.ts', 'scenario();');
	const recipe = async () => fixtureRecipe(path.join(folder, 'scenarios/web.ts'));
	const before = await recipe();
	t.deepEqual(Object.keys(before.files), ['../lib/a.ts', '../lib/deep/b.ts', 'web.ts']);

	write('scenarios/other.ts', 'scenario(2);');
	t.deepEqual(await recipe(), before);
	write('lib/deep/b.ts', "import '../a.ts';\nexport const b = 2;");
	t.notDeepEqual(await recipe(), before);
});

test('a snapshot of an earlier version describes its fixture in a file of another name', t => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'fixture-'));
	writeFileSync(path.join(folder, 'standing.json'), '{}');
	t.is(savedFixtureFile({folder}), path.join(folder, 'standing.json'));
	writeFileSync(path.join(folder, 'fixture.json'), '{}');
	t.is(savedFixtureFile({folder}), path.join(folder, 'fixture.json'));
});
