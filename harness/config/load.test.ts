import {mkdtemp, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {explain, UsageError} from '../errors.ts';
import {project} from '../paths.ts';
import {loadConfig} from './load.ts';

async function folderWith(text: string): Promise<{folder: string; file: string}> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-config-'));
	const file = path.join(folder, 'swarmlab.config.ts');
	await writeFile(file, text);
	return {folder, file};
}

test("a config outside of the project finds 'swarmlab/config' and is found in the current folder", async t => {
	const {folder, file} = await folderWith(
		"import {defineConfig} from 'swarmlab/config';\nexport default defineConfig({repeat: 3});\n",
	);
	const loaded = await loadConfig(undefined, {}, folder);
	t.is(loaded.file, file);
	t.is(loaded.folder, folder);
	t.is(loaded.settings.repeat, 3);
});

test("without one in the current folder the project's own is taken, and it is valid", async t => {
	const loaded = await loadConfig(undefined, {}, '/');
	t.is(loaded.file, path.join(project, 'swarmlab.config.ts'));
});

const bad: [what: string, text: string, message: RegExp][] = [
	['a syntax error', 'export default {\n\trepeat: 1\n\tjobs: 2,\n};\n', /config\.ts:\d does not load: SyntaxError: /],
	['TypeScript that Node does not run', 'enum A {x}\nexport default {};\n', /config\.ts:1 does not load: .*enum/],
	['a throw', "\nthrow new Error('no luck');\n", /config\.ts:2 does not load: Error: no luck/],
	['a throw of no error', "throw 'text';\n", /config\.ts does not load: it threw text/],
	[
		'a missing import',
		"import 'not-there-at-all';\nexport default {};\n",
		/config\.ts does not load: .*not-there-at-all/,
	],
	['no export', 'const config = {};\n', /config\.ts exports no config\./],
	['an invalid field', 'export default {repeat: 0};\n', /swarmlab\.config\.ts is not valid:\n {2}repeat: 0/],
];

for (const [what, text, message] of bad) {
	test(`${what} is a usage error that names the file`, async t => {
		const {file} = await folderWith(text);
		const error = await t.throwsAsync(loadConfig(file), {instanceOf: UsageError, message});
		t.truthy(error?.remedy);
	});
}

test('a config file that is not there is a usage error', async t => {
	await t.throwsAsync(loadConfig('/nowhere/at-all.ts'), {instanceOf: UsageError, message: /no config file/});
});

const causes: [what: string, text: string, remedy: RegExp][] = [
	['a missing package', "import '@not-there/at-all/sub';\nexport default {};\n", /npm install .*@not-there\/at-all\)/],
	['a missing file', "import './gone.ts';\nexport default {};\n", /path of that import/],
	['a syntax error', 'const a = ;\n', /syntax/],
	['TypeScript that Node does not run', 'enum A {x}\nexport default {};\n', /without enums/],
	['a throw', "throw new Error('no luck');\n", /Mend what swarmlab\.config\.ts does there/],
];

for (const [what, text, remedy] of causes) {
	test(`${what} is told once, with the remedy for it`, async t => {
		const {file} = await folderWith(text);
		const error = await t.throwsAsync<UsageError>(loadConfig(file), {instanceOf: UsageError});
		t.regex(error!.remedy!, remedy);
		const said = explain(error);
		t.is(said.split('does not load').length, 2);
		t.notRegex(said, /because/);
	});
}

test('what can be no config file is refused before it is loaded', async t => {
	const {folder, file} = await folderWith('export default {};\n');
	const json = path.join(folder, 'c.json');
	await writeFile(json, '{}');
	const inFolder = await t.throwsAsync<UsageError>(loadConfig(folder), {message: /is a folder/});
	t.is(inFolder!.remedy, `--config ${file}`);
	await t.throwsAsync(loadConfig(json), {instanceOf: UsageError, message: /no config: its name ends in \.json/});
	await t.throwsAsync(loadConfig(''), {instanceOf: UsageError, message: /^--config: '' is no file/});
});
