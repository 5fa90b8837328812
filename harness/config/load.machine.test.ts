import {mkdtemp, readFile, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {explain, UsageError} from '../errors.ts';
import {packageRoot} from '../package.ts';
import {identify} from '../processes/processes.ts';
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
	t.is(loaded.file, path.join(packageRoot, 'swarmlab.config.ts'));
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
	[
		'the end of its process, as if all were well',
		'process.exit(0);\n',
		/config\.ts does not load: .*ended .*exit code 0/,
	],
	[
		'the end of its process',
		'export default {};\nprocess.exit(3);\n',
		/config\.ts does not load: .*ended .*exit code 3/,
	],
	['a kill of its process', "process.kill(process.pid, 'SIGKILL');\n", /config\.ts does not load: .*ended .*SIGKILL/],
	['an abort', 'process.abort();\n', /config\.ts does not load: .*ended .*SIGABRT/],
	['an endless loop', 'for (;;);\n', /config\.ts did not load in 5 s/],
	['a wait that ends too late', 'setInterval(() => {}, 1000);\nawait new Promise(() => {});\n', /did not load in 5 s/],
	['a wait for what never comes', '\n\nawait new Promise(() => {});\n', /config\.ts does not load: it awaits/],
	[
		'a getter that throws',
		"export default {\n\tget jobs() {\n\t\tthrow new Error('no luck');\n\t},\n};\n",
		/config\.ts:3 does not load: Error: no luck/,
	],
	[
		'a circle',
		'const circle: Record<string, unknown> = {};\ncircle.repeat = circle;\nexport default circle;\n',
		/config/,
	],
	['a function', 'export default {repeat: () => 3};\n', /repeat: .* is not valid/],
	['no object', 'export default null;\n', /the config: null is not valid/],
	['no export', 'const config = {};\n', /config\.ts exports no config\./],
	['an invalid field', 'export default {repeat: 0};\n', /swarmlab\.config\.ts is not valid:\n {2}repeat: 0/],
];

for (const [what, text, message] of bad) {
	// One after the other: two dozen processes at once would only make each slow.
	test.serial(`${what} is a usage error that names the file`, async t => {
		const {file} = await folderWith(text);
		// For those that hang; whatever else a file does is to be waited for, however much this host has to do.
		const limitSeconds = message.source.includes('did not load in') ? 5 : 600;
		const error = await t.throwsAsync(loadConfig(file, {}, '/', limitSeconds), {instanceOf: UsageError, message});
		t.truthy(error?.remedy);
	});
}

test('what a config prints, leaves running and does at the end of its process is its own affair', async t => {
	const {file} = await folderWith(
		[
			"import {spawn} from 'node:child_process';",
			"import {writeFileSync} from 'node:fs';",
			"const left = spawn('sleep', ['600'], {stdio: 'inherit'});",
			"writeFileSync(new URL('left', import.meta.url), String(left.pid));",
			'console.log(\'{"state": "config", "config": {"repeat": 7}}\');',
			"process.on('exit', () => {",
			'\tfor (;;);',
			'});',
			'export default {repeat: 3, kernels: [String(process.cwd())]};',
		].join('\n'),
	);
	const {settings} = await loadConfig(file);
	t.is(settings.repeat, 3);
	t.deepEqual(settings.kernels, [process.cwd()]);
	const left = Number(await readFile(path.join(path.dirname(file), 'left'), 'utf8'));
	while (identify(left)) {
		await delay(20);
	}
});

test('a config that changed is read again', async t => {
	const {file} = await folderWith('export default {repeat: 3};\n');
	t.is((await loadConfig(file)).settings.repeat, 3);
	await writeFile(file, 'export default {repeat: 4};\n');
	t.is((await loadConfig(file)).settings.repeat, 4);
});

test('a config file that is not there is a usage error', async t => {
	await t.throwsAsync(loadConfig('/nowhere/at-all.ts'), {instanceOf: UsageError, message: /no config file/});
});

const causes: [what: string, text: string, remedy: RegExp][] = [
	['a missing package', "import '@not-there/at-all/sub';\nexport default {};\n", /npm install .*@not-there\/at-all\)/],
	['a missing file', "import './gone.ts';\nexport default {};\n", /path of that import/],
	['a syntax error', 'const a = ;\n', /syntax/],
	['TypeScript that Node does not run', 'enum A {x}\nexport default {};\n', /without enums/],
	[
		'a name that is not exported',
		"import {nothing} from './swarmlab.config.ts';\nexport default {};\n",
		/look at the names/,
	],
	['a throw', "throw new Error('no luck');\n", /Mend what swarmlab\.config\.ts does there/],
];

for (const [what, text, remedy] of causes) {
	test(`${what} is reported once, with the remedy for it`, async t => {
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

const noFields: [what: string, text: string][] = [
	['a promise', "export default (async () => ({kernels: ['5.10']}))();\n"],
	['a promise that fails', "export default Promise.reject(new Error('later'));\n"],
	['a map', "export default new Map([['kernels', ['5.10']]]);\n"],
	['a map in a field', 'export default {machine: new Map()};\n'],
];

for (const [what, text] of noFields) {
	test(`${what} is no config: it would be taken for one without fields, and other things be proven`, async t => {
		const {file} = await folderWith(text);
		const error = await t.throwsAsync(loadConfig(file), {instanceOf: UsageError, message: /is not valid/});
		t.regex(error!.message, /(Promise|Map) .*an object with the fields/);
	});
}
