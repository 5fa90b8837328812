/** The scenario files that a run keeps. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {keepSources} from './sources.ts';

test('a scenario file is kept with what it imports, and its checksum changes with either', t => {
	const root = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-sources-'));
	t.teardown(() => fs.rmSync(root, {recursive: true}));
	const workspace = path.join(root, 'work');
	const write = (name: string, text: string) => {
		fs.mkdirSync(path.dirname(path.join(workspace, name)), {recursive: true});
		fs.writeFileSync(path.join(workspace, name), text);
	};
	write('scenarios/a.ts', "import {x} from './lib/x.ts';\nimport '../../outside.ts';");
	write('scenarios/lib/x.ts', 'export const x = 1;');
	write('scenarios/b.ts', '');
	fs.writeFileSync(path.join(root, 'outside.ts'), '');
	const files = ['scenarios/a.ts', 'scenarios/b.ts', 'scenarios/gone.ts'].map(name => path.join(workspace, name));
	const run = path.join(root, 'run');
	const first = keepSources([...files, path.join(root, 'outside.ts')], run, workspace);
	t.deepEqual(Object.keys(first), ['scenarios/a.ts', 'scenarios/b.ts']);
	t.is(fs.readFileSync(path.join(run, 'sources/scenarios/lib/x.ts'), 'utf8'), 'export const x = 1;');
	t.deepEqual(fs.readdirSync(path.join(run, 'sources')), ['scenarios']);
	t.deepEqual(keepSources(files, run, workspace), first);
	write('scenarios/lib/x.ts', 'export const x = 2;');
	const second = keepSources(files, run, workspace);
	t.not(second['scenarios/a.ts'], first['scenarios/a.ts']);
	t.is(second['scenarios/b.ts'], first['scenarios/b.ts']);
});
