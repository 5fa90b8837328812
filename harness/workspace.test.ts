import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from './package.ts';
import {nearestConfig, workspaceOf} from './workspace.ts';

const outer = await realpath(await mkdtemp(path.join(os.tmpdir(), 'swarmlab-workspace-')));
const at = (...names: string[]) => path.join(outer, ...names);
const clone = at('clone');
const installed = at('mine', 'node_modules', 'swarmlab');
for (const folder of ['clone/scenarios/mine', 'mine/deep/er', 'mine/node_modules/swarmlab', 'elsewhere']) {
	await mkdir(at(folder), {recursive: true});
}

for (const config of [
	'clone/swarmlab.config.ts',
	'clone/scenarios/mine/swarmlab.config.ts',
	'mine/swarmlab.config.mjs',
]) {
	await writeFile(at(config), 'export default {};\n');
}

test.after.always(() => rm(outer, {recursive: true}));

const cases: [what: string, folder: string, own: string, expected: string][] = [
	['in a clone it is the clone', clone, clone, clone],
	['in any folder of a clone, too', at('clone/scenarios'), clone, clone],
	['in a clone another config does not change that', at('clone/scenarios/mine'), clone, clone],
	['elsewhere it is the folder with a config', at('mine'), clone, at('mine')],
	['or the nearest above that has one', at('mine/deep/er'), clone, at('mine')],
	['where there is no config it is the clone that was called', at('elsewhere'), clone, clone],
	['of an installed package it is the folder with a config', at('mine/deep'), installed, at('mine')],
	['of an installed package without a config it is the current folder', at('elsewhere'), installed, at('elsewhere')],
	['the folder of an installed package is no workspace', installed, installed, at('mine')],
];

for (const [what, folder, own, expected] of cases) {
	test(what, t => {
		t.is(workspaceOf(folder, own), expected);
	});
}

test('the nearest config is the first on the way up', t => {
	t.is(nearestConfig(at('clone/scenarios/mine')), at('clone/scenarios/mine/swarmlab.config.ts'));
	t.is(nearestConfig(at('clone/scenarios')), at('clone/swarmlab.config.ts'));
	t.is(nearestConfig(at('mine/deep')), at('mine/swarmlab.config.mjs'));
	t.is(nearestConfig(at('elsewhere')), undefined);
});

test('this clone is the workspace of its own folders', t => {
	t.is(workspaceOf(path.join(packageRoot, 'docs', 'decisions')), packageRoot);
	t.is(workspaceOf(packageRoot), packageRoot);
});
