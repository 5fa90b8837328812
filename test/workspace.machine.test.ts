/** A user's own folder outside of this clone: its config, its scenarios, its runs; only the program is ours. */
import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {makeArchive} from '../harness/artifacts/packages/fixtures/local-archive.ts';
import {packageRoot} from '../harness/package.ts';
import {type PlanFile, planFileOf} from '../harness/plan/plan-file.ts';

const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'swarmlab-user-')));
const {uri, keyring} = await makeArchive(path.join(folder, 'debian'), [
	{
		suite: 'bookworm',
		packages: [
			{name: 'docker.io', version: '20.10.24+dfsg1-1'},
			{name: 'linux-image-6.1.0-50-cloud-amd64', version: '6.1.176-1', files: {}},
		],
	},
]);
const workspace = path.join(folder, 'mine');
const packages = {distribution: 'debian', mirror: uri, keyring, suites: ['bookworm']};
for (const [name, text] of Object.entries({
	'swarmlab.config.ts': `import {defineConfig} from 'swarmlab/config';\nexport default defineConfig({packages: ${JSON.stringify(packages)}, kernels: ['6.1'], engines: ['20.10']});\n`,
	'scenarios/x.ts': "import {scenario} from 'swarmlab';\n\nscenario('x holds', {}, async () => {});\n",
	'docs/notes.md': '# notes\n',
	'package.json': '{"type": "module"}',
})) {
	await mkdir(path.dirname(path.join(workspace, name)), {recursive: true});
	await writeFile(path.join(workspace, name), text);
}

test.after.always(() => rm(folder, {recursive: true, force: true}));

function swarmlab(cwd: string, words: string[], env: Record<string, string> = {}) {
	return execa(process.execPath, [path.join(packageRoot, 'harness/swarmlab.js'), ...words], {
		reject: false,
		stdin: 'ignore',
		cwd: path.join(workspace, cwd),
		env: {
			SWARMLAB_STATE: path.join(folder, 'state'),
			SWARMLAB_CACHE: path.join(folder, 'cache'),
			SWARMLAB_RUNS: '',
			NO_COLOR: '1',
			// It would win, and Node warns of it.
			FORCE_COLOR: undefined,
			...env,
		},
	});
}

for (const cwd of ['.', 'docs']) {
	test.serial(
		`in ${cwd} of the user's folder a plan has its cells and scenarios, with files from that folder`,
		async t => {
			const {exitCode, stdout, stderr} = await swarmlab(cwd, ['plan']);
			t.is(exitCode, 0, stderr);
			t.regex(stdout, /^ +scenarios\/x\.ts:3 +x holds$/m);
			t.regex(stdout, /qemu-k6\.1\.176-d20\.10\.24-1m2w/);
		},
	);
}

test.serial(
	'a place in a file as a plan prints it, and a path from the current folder, both mean that file',
	async t => {
		for (const file of ['scenarios/x.ts:3', '../scenarios/x.ts']) {
			const {stdout, stderr} = await swarmlab('docs', ['plan', file, '--json']);
			const {scenarios} = JSON.parse(stdout || '{}') as {scenarios?: {file: string}[]};
			t.deepEqual(
				scenarios?.map(each => each.file),
				['scenarios/x.ts'],
				stderr,
			);
		}
	},
);

test.serial('its runs are below it, unless a variable says where else: from it, too', async t => {
	const runsOf = async (env: Record<string, string>) => (await swarmlab('docs', ['report'], env)).stderr;
	t.true((await runsOf({})).includes(`There is no run in ${path.join(workspace, 'reports/runs')}`));
	t.true((await runsOf({SWARMLAB_RUNS: 'my/runs'})).includes(`There is no run in ${path.join(workspace, 'my/runs')}`));
});

test.serial(
	'a plan is proven as it is: what this host cannot get is named at once, and a shard is one of its cells',
	async t => {
		const {stdout, stderr} = await swarmlab('.', ['plan', '--json']);
		t.true(stdout.startsWith('{'), stderr);
		const {id, schema, swarmlab: version, ...content} = JSON.parse(stdout) as PlanFile;
		const written = planFileOf(content);
		t.deepEqual({id, schema, swarmlab: version}, {id: written.id, schema: written.schema, swarmlab: written.swarmlab});
		const file = path.join(workspace, 'plan.json');
		await writeFile(file, stdout);
		const many = await swarmlab('.', ['run', '--plan', 'plan.json', '--shard', '1/2']);
		t.is(many.exitCode, 64, many.stderr);
		t.regex(many.stderr, /--shard: 2 machines are too many for one cell/);
		const gone = JSON.stringify(content).replaceAll('6.1.176-1', '6.1.170-1');
		await writeFile(file, JSON.stringify(planFileOf(JSON.parse(gone) as PlanFile)));
		const away = await swarmlab('docs', ['run', '--plan', '../plan.json', '--no-install', '--jobs', '1']);
		t.is(away.exitCode, 69, away.stderr);
		t.regex(
			away.stderr,
			/The plan wants linux-image-6\.1\.0-50-cloud-amd64 6\.1\.170-1 of bookworm, which this host's mirror/,
		);
		await writeFile(
			path.join(workspace, 'scenarios/x.ts'),
			"import {scenario} from 'swarmlab';\n\nscenario('z holds', {}, async () => {});\n",
		);
		const changed = await swarmlab('.', ['run', '--plan', 'plan.json']);
		t.is(changed.exitCode, 64, changed.stderr);
		t.regex(changed.stderr, /plan\.json: scenarios\/x\.ts does not claim “x holds” any more/);
	},
);
