import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {UsageError} from '../errors.ts';
import {chooseScenarios, fromWorkspace, planScenarios} from './scenarios.ts';

/** What `scenario()` does when it only announces. */
const announces = (title: string, line = 3) =>
	`import 'swarmlab';\nconsole.log(JSON.stringify({title: '${title}', line: ${line}}));\n`;

async function folderWith(files: Record<string, string>): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-plan-'));
	for (const [name, text] of Object.entries({'package.json': '{"type": "module"}', ...files})) {
		await mkdir(path.dirname(path.join(folder, name)), {recursive: true});
		await writeFile(path.join(folder, name), text);
	}

	return folder;
}

test('every file announces its titles; a file that announces none is no scenario file', async t => {
	const folder = await folderWith({
		'scenarios/b.ts': `console.log('noise');\n${announces('two')}${announces('three', 9)}`,
		'scenarios/deep/a.ts': announces('one'),
		'scenarios/shared.ts': "import 'swarmlab';\nexport const port: number = 80;\n",
		'scenarios/script.ts': 'export const port: number = 80;\n',
		'scenarios/b.test.ts': announces('not this'),
	});
	const plan = await planScenarios(['scenarios/**/*.ts', 'scenarios/b.ts'], {folder});
	const [b, a] = ['scenarios/b.ts', 'scenarios/deep/a.ts'].map(name => path.join(folder, name));
	t.deepEqual(plan, {
		files: [b!, a!],
		scenarios: [
			{title: 'two', file: fromWorkspace(b!), line: 3},
			{title: 'three', file: fromWorkspace(b!), line: 9},
			{title: 'one', file: fromWorkspace(a!), line: 3},
		],
		problems: [],
		isPart: false,
		notices: [],
	});
});

const titlesOf = async (patterns: string[], folder: string, config?: string) =>
	(await planScenarios(patterns, {folder, config})).scenarios.map(({title}) => title);

test('file:line means the scenario at that line; the whole file beside it means all of it', async t => {
	const folder = await folderWith({'a.ts': `${announces('one')}${announces('two', 9)}`, 'b.ts': announces('other')});
	t.deepEqual(await titlesOf(['a.ts:9'], folder), ['two']);
	t.deepEqual(await titlesOf(['a.ts:4', 'b.ts'], folder), ['one', 'other']);
	t.deepEqual(await titlesOf(['a.ts:9', '*.ts'], folder), ['one', 'two', 'other']);
	t.true((await planScenarios(['a.ts:9'], {folder})).isPart);
	t.false((await planScenarios(['a.ts'], {folder})).isPart);
	await t.throwsAsync(planScenarios(['a.ts:1'], {folder}), {message: /No scenario stands at .*a\.ts:1/});
});

for (const name of ['my [x]', '{a,b}', 'what?', 'st*r']) {
	test(`a folder '${name}' is a path, not a glob`, async t => {
		const folder = await folderWith({[`${name}/s/a.ts`]: announces('one')});
		const inside = path.join(folder, name);
		t.deepEqual(await titlesOf(['s'], inside), ['one']);
		t.deepEqual(await titlesOf(['s/*.ts'], inside), ['one']);
		t.deepEqual(await titlesOf([path.join(inside, '**/*.ts')], '/'), ['one']);
		t.deepEqual(await titlesOf([name], folder), ['one']);
	});
}

test('what is passed over is reported when it was named', async t => {
	const folder = await folderWith({
		's/a.ts': announces('one'),
		's/old.js': announces('two'),
		'none.ts': "import 'swarmlab';\nexport const port: number = 80;\n",
		'README.md': '# read me\n',
		'js/b.js': announces('three'),
	});
	const {notices, scenarios} = await planScenarios(['s', 'none.ts'], {folder});
	t.is(scenarios.length, 1);
	t.regex(notices.join('\n'), /s\/old\.js is passed over.*\n.*none\.ts announces no scenario/);
	t.deepEqual((await planScenarios(['s', 's/old.js'], {folder})).notices, []);
	await t.throwsAsync(planScenarios(['README.md'], {folder}), {
		instanceOf: UsageError,
		message: /README\.md is no scenario file: their names end in \.ts/,
	});
	await t.throwsAsync(planScenarios(['js'], {folder}), {instanceOf: UsageError, message: /no scenario file.*b\.js/});
});

test('a remedy changes what was said: the config or the command line', async t => {
	const folder = await folderWith({});
	const typed = await t.throwsAsync<UsageError>(planScenarios(['x/*.ts'], {folder}));
	t.notRegex(typed!.remedy!, /config/);
	const written = await t.throwsAsync<UsageError>(planScenarios(['x/*.ts'], {folder, config: 'my.config.ts'}));
	t.regex(written!.remedy!, /Change 'scenarios' in my\.config\.ts/);
	const none = {folder, config: 'swarmlab.config.ts', isUnwritten: true};
	const unwritten = await t.throwsAsync<UsageError>(planScenarios(['x/*.ts'], none));
	t.is(unwritten!.remedy, 'Begin with a config and a first scenario: swarmlab init');
});

test('a folder means the files below it', async t => {
	const folder = await folderWith({'deep/er/a.ts': announces('one'), 'deep/b.mts': announces('two')});
	t.is((await planScenarios(['deep'], {folder})).scenarios.length, 2);
});

const bad: [what: string, text: string, message: RegExp, line?: number][] = [
	['throws', "\n\nthrow new Error('no luck');\n", /bad\.ts:3 does not load: Error: no luck/, 3],
	['has a syntax error', 'const a = ;\n', /bad\.ts:1 does not load: SyntaxError/, 1],
	['imports what is not there', "import './gone.ts';\n", /bad\.ts does not load: .*gone\.ts/],
	['ends its process', 'process.exit(3);\n', /bad\.ts ended its process \(exit code 3\)/],
	['kills its process', "process.kill(process.pid, 'SIGKILL');\n", /bad\.ts ended its process \(SIGKILL\)/],
	[
		'never ends loading',
		'await new Promise(resolve => setTimeout(resolve, 3_600_000));\n',
		/bad\.ts did not load in 45 s/,
	],
	['never lets go', 'for (;;);\n', /bad\.ts did not load in 45 s/],
];

for (const [what, text, message, line] of bad) {
	test(`a file that ${what} is a problem of its own, and the others are planned`, async t => {
		const folder = await folderWith({
			'a.ts': announces('one'),
			'bad.ts': `import 'swarmlab';${text}`,
			'c.ts': announces('two'),
		});
		// For those that hang, and long enough for those beside them on a host with much to do.
		const limitSeconds = message.source.includes('did not load in') ? 45 : 600;
		const plan = await planScenarios(['*.ts'], {folder}, limitSeconds);
		t.deepEqual(
			plan.scenarios.map(({title}) => title),
			['one', 'two'],
		);
		t.is(plan.files.length, 3);
		t.is(plan.problems.length, 1);
		t.regex(plan.problems[0]!.reason.message, message);
		t.is(plan.problems[0]!.line, line);
		t.true(plan.problems[0]!.reason.details.length > 0);
	});
}

test('files of which none announces a scenario are a usage error', async t => {
	const folder = await folderWith({'shared.ts': "import 'swarmlab';\nexport const port: number = 80;\n"});
	await t.throwsAsync(planScenarios(['*.ts'], {folder}), {instanceOf: UsageError, message: /No file announces/});
});

/** A script that reports that it ran. */
const script = "import fs from 'node:fs';\nfs.writeFileSync(new URL('ran', import.meta.url), '');\n";

for (const asked of ['.', 'tools', '**/*.ts', 'tools/deploy.ts', 'tools/comment.ts', 'tools/text.ts']) {
	test(`a script that does not import swarmlab is never run: ${asked}`, async t => {
		const folder = await folderWith({
			'tools/deploy.ts': script,
			'tools/comment.ts': `// as in: import {scenario} from 'swarmlab'\n${script}`,
			'tools/text.ts': `console.log("import 'swarmlab'");\n${script}`,
			'tools/other.ts': `import './deploy.ts';\n${script}`,
			'tools/scenario.ts': announces('one'),
			'tools/through.ts': "import './claims.ts';\n",
			'tools/claims.ts': announces('two'),
			'.hidden/b.ts': announces('hidden'),
			'node_modules/b/b.ts': announces('not ours'),
		});
		const {scenarios, notices} = await planScenarios([asked, 'tools/scenario.ts'], {folder});
		const isFile = asked.startsWith('tools/');
		t.deepEqual(
			scenarios.map(({title}) => title),
			isFile ? ['one'] : ['two', 'one'],
		);
		t.false(existsSync(path.join(folder, 'tools/ran')));
		t.is(notices.filter(each => each.includes('does not import')).length, asked === 'tools/deploy.ts' ? 1 : 0);
	});
}

for (const empty of ['', ' ']) {
	test(`'${empty}' is no file, and means no folder either`, async t => {
		const folder = await folderWith({'a.ts': announces('one')});
		await t.throwsAsync(planScenarios([empty], {folder}), {
			instanceOf: UsageError,
			message: /'\s?' is no scenario file/,
		});
	});
}

test('a folder whose path looks like a glob is a folder', async t => {
	const folder = await folderWith({'my [clone]/a.ts': announces('one')});
	t.is((await planScenarios(['my [clone]'], {folder})).scenarios.length, 1);
});

test('a path that is not there is a usage error with the nearest one', async t => {
	const folder = await folderWith({'scenarios/vip.ts': announces('one')});
	await t.throwsAsync(planScenarios(['scenarios/vpi.ts'], {folder}), {
		instanceOf: UsageError,
		message: /no scenario file scenarios\/vpi\.ts\. Did you mean .*scenarios\/vip\.ts\?/,
	});
	await t.throwsAsync(planScenarios(['nothing/*.ts'], {folder}), {instanceOf: UsageError, message: /matches 'nothing/});
});

test('scenarios are chosen by a part of their title; nothing chosen is a usage error', t => {
	const scenarios = [
		{title: 'a VIP spreads', file: 'a.ts'},
		{title: 'DNS answers', file: 'b.ts'},
	];
	t.deepEqual(chooseScenarios(scenarios, []), scenarios);
	t.deepEqual(chooseScenarios(scenarios, ['vip']), [scenarios[0]!]);
	t.deepEqual(chooseScenarios(scenarios, ['vip', 'dns']), scenarios);
	t.throws(() => chooseScenarios(scenarios, ['vip', 'mesh']), {
		instanceOf: UsageError,
		message: /contains 'mesh'\.[\s\S]*a VIP spreads[\s\S]*DNS answers/,
	});
});
