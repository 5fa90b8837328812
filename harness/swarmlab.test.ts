/** The door, with its packages where npm may have put them. */
import {cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {packageRoot} from './package.ts';

/** Calls the door of a package below `outer`, whose program only says that it was started. */
async function callDoor(t: ExecutionContext, modules: string | undefined) {
	const outer = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-door-'));
	t.teardown(() => rm(outer, {recursive: true}));
	const own = path.join(outer, 'own');
	await mkdir(path.join(own, 'harness'), {recursive: true});
	await writeFile(path.join(own, 'package.json'), '{"type": "module"}');
	await cp(path.join(packageRoot, 'harness/swarmlab.js'), path.join(own, 'harness/swarmlab.js'));
	await writeFile(path.join(own, 'harness', 'cli.ts'), "console.log('started' satisfies string);\n");
	if (modules !== undefined) {
		await mkdir(path.join(outer, modules), {recursive: true});
		await symlink(path.join(packageRoot, 'node_modules/commander'), path.join(outer, modules, 'commander'));
	}

	return execa(process.execPath, [path.join(own, 'harness/swarmlab.js'), '--version'], {reject: false});
}

for (const modules of ['own/node_modules', 'node_modules']) {
	test(`with its packages in ${modules} it starts the program`, async t => {
		const {exitCode, stdout, stderr} = await callDoor(t, modules);
		t.is(exitCode, 0, stderr);
		t.is(stdout, 'started');
	});
}

test('a clone has its compiled sources beside its packages, and help makes no folder of the user', async t => {
	const cache = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-compiled-'));
	t.teardown(() => rm(cache, {recursive: true}));
	await execa(process.execPath, [path.join(packageRoot, 'harness/swarmlab.js'), '--help'], {
		env: {SWARMLAB_CACHE: cache, NODE_COMPILE_CACHE: ''},
	});
	t.deepEqual(await readdir(cache), []);
	const compiled = await readdir(path.join(packageRoot, 'node_modules/.cache/compiled'), {recursive: true});
	t.true(compiled.length > 50);
});

test('without its packages it says how to get them, and ends with 69', async t => {
	const {exitCode, stderr} = await callDoor(t, undefined);
	t.is(exitCode, 69);
	t.regex(stderr, /its packages are not installed\.\n {2}→ npm ci/);
});
