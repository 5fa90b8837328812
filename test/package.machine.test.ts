/**
 * The package: packed by npm, installed into folders of other projects, used there. Nothing is downloaded: what the package
 * depends on is in the other project's node_modules already, with the versions of this clone.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {makeArchive} from '../harness/artifacts/packages/fixtures/local-archive.ts';
import {type CellHandle, nodesOf} from '../harness/model/index.ts';
import {packageRoot} from '../harness/package.ts';
import type {Lock} from '../packaging/manifest.ts';

const outer = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-package-')));
const at = (...names: string[]) => path.join(outer, ...names);

/** npm changes package.json while it packs, so it packs a copy of the clone. */
async function pack(): Promise<string> {
	const skipped = ['node_modules', 'dist', '.git', 'runs', '.vagrant'];
	fs.cpSync(packageRoot, at('clone'), {recursive: true, filter: file => !skipped.includes(path.basename(file))});
	fs.symlinkSync(path.join(packageRoot, 'node_modules'), at('clone', 'node_modules'));
	await execa('npm', ['pack', '--silent', '--pack-destination', outer], {cwd: at('clone')});
	return at(fs.readdirSync(outer).find(name => name.endsWith('.tgz'))!);
}

const [tarball, archive] = await Promise.all([
	pack(),
	makeArchive(at('debian'), [
		{
			suite: 'bookworm',
			packages: [
				{name: 'docker.io', version: '20.10.24+dfsg1-1'},
				{name: 'linux-image-6.1.0-50-cloud-amd64', version: '6.1.176-1', files: {}},
			],
		},
	]),
]);

test.after.always(() => fs.rmSync(outer, {recursive: true, force: true}));

const {uri: mirror, keyring} = archive;
const packages = {distribution: 'debian', mirror, keyring, suites: ['bookworm']};
const config = `import {defineConfig} from 'swarmlab/config';

export default defineConfig({packages: ${JSON.stringify(packages)}, kernels: ['6.1'], engines: ['20.10'], scenarios: ['scenarios/*.mts']});
`;
const scenario = `import {scenario} from 'swarmlab';

scenario('x holds', {workers: 1}, async (t, swarm) => {
	const name: string = swarm.manager.name;
	t.is(name, 'm1');
});

scenario('y holds', {}, async t => {
	t.pass();
});
`;

/** Another project: CommonJS, as \`npm init\` makes it, with a configuration of AVA of its own. */
function project(name: string): string {
	const folder = at(name);
	for (const [file, text] of Object.entries({
		'package.json': '{"name": "other", "version": "1.0.0", "type": "commonjs", "ava": {"files": ["nowhere"]}}',
		'swarmlab.config.mts': config,
		'scenarios/x.mts': scenario,
	})) {
		fs.mkdirSync(path.dirname(path.join(folder, file)), {recursive: true});
		fs.writeFileSync(path.join(folder, file), text);
	}

	return folder;
}

/** What the package depends on, as npm hoists it: beside the package. */
function hoisted(): string {
	const folder = project('hoisted');
	const {packages: all} = JSON.parse(fs.readFileSync(at('clone/package-lock.json'), 'utf8')) as {
		packages: Record<string, {version?: string; dev?: boolean}>;
	} & Lock;
	for (const [name, {dev}] of Object.entries(all)) {
		const top = /^node_modules\/(?!.*\/node_modules\/)/.test(name) && !dev && name !== 'node_modules/node';
		if ((top || /@types\/(dockerode|ssh2|docker-modem)$/.test(name)) && fs.existsSync(path.join(packageRoot, name))) {
			fs.cpSync(path.join(packageRoot, name), path.join(folder, name), {recursive: true});
		}
	}

	return folder;
}

/** pnpm's layout: the package can see what it depends on itself, by links, and nothing else. */
async function linked(): Promise<string> {
	const folder = project('linked');
	const inner = path.join(folder, 'node_modules/.pnpm/swarmlab@0.1.0/node_modules');
	fs.mkdirSync(path.join(inner, 'swarmlab'), {recursive: true});
	await execa('tar', ['xzf', tarball, '--strip-components=1', '-C', path.join(inner, 'swarmlab')]);
	fs.symlinkSync(path.join(inner, 'swarmlab'), path.join(folder, 'node_modules/swarmlab'));
	const {dependencies} = JSON.parse(fs.readFileSync(path.join(inner, 'swarmlab/package.json'), 'utf8')) as {
		dependencies: Record<string, string>;
	};
	// A project that compiles for Node has this itself.
	fs.mkdirSync(path.join(folder, 'node_modules/@types'));
	fs.symlinkSync(path.join(packageRoot, 'node_modules/@types/node'), path.join(folder, 'node_modules/@types/node'));
	for (const name of Object.keys(dependencies)) {
		fs.mkdirSync(path.dirname(path.join(inner, name)), {recursive: true});
		fs.symlinkSync(path.join(packageRoot, 'node_modules', name), path.join(inner, name));
	}

	return folder;
}

const folders = {
	npm: hoisted,
	pnpm: linked,
};

/** `swarmlab …` as it is installed in a folder. */
function swarmlab(folder: string, words: string[]) {
	return execa(process.execPath, [path.join(folder, 'node_modules/swarmlab/dist/harness/swarmlab.js'), ...words], {
		cwd: folder,
		reject: false,
		stdin: 'ignore',
		env: {
			SWARMLAB_STATE: at('state'),
			SWARMLAB_CACHE: at('cache'),
			SWARMLAB_RUNS: '',
			NO_COLOR: '1',
			FORCE_COLOR: undefined,
		},
	});
}

async function works(t: ExecutionContext, folder: string): Promise<void> {
	const own = path.join(folder, 'node_modules/swarmlab');
	const before = filesBelow(own);
	const version = await swarmlab(folder, ['--version']);
	t.is(
		version.stdout,
		(JSON.parse(fs.readFileSync(path.join(own, 'package.json'), 'utf8')) as {version: string}).version,
	);
	const init = await swarmlab(folder, ['init', '--ci', 'jenkins']);
	t.is(init.exitCode, 0, init.stderr);
	t.regex(init.stdout, /^ {2}scenarios\/first\.mts +a claim that holds$/m);
	t.regex(init.stdout, /^There already, and left as it is: swarmlab\.config\.mts$/m);
	t.regex(init.stdout, /^Next:\n {2}\S.* plan /m);
	t.regex((await swarmlab(folder, ['init', 'fresh'])).stdout, /^ {2}cd fresh$/m);
	const plan = await swarmlab(folder, ['plan', '--json']);
	t.is(plan.exitCode, 0, plan.stderr);
	t.like(JSON.parse(plan.stdout), {
		cells: [{id: 'qemu-k6.1.176-d20.10.24-1m2w'}],
		scenarios: [
			{file: 'scenarios/first.mts', title: 'a service answers by its name, from every node'},
			{file: 'scenarios/x.mts', line: 3, title: 'x holds'},
			{file: 'scenarios/x.mts', line: 8, title: 'y holds'},
		],
	});
	t.true(
		(await swarmlab(folder, ['report'])).stderr.includes(`There is no run in ${path.join(folder, 'reports/runs')}`),
	);
	await provesScenarios(t, folder);
	const written = fs.globSync('{,fresh/}{*.mts,scenarios/**/*.mts}', {cwd: folder});
	t.is(written.length, 7);
	const compiled = await execa(
		path.join(packageRoot, 'node_modules/.bin/tsc'),
		['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', ...written],
		{cwd: folder, reject: false, all: true},
	);
	t.is(compiled.exitCode, 0, compiled.all);
	t.deepEqual(filesBelow(own), before, 'nothing is written into the package');
}

function filesBelow(folder: string): string[] {
	return fs.globSync('**/*', {cwd: folder}).sort();
}

/** The process that proves scenarios, and the switch of a LAN: both are started by the path of a module. */
const program = `
const [own, folder, cell] = process.argv.slice(2);
const {runScenarios} = await import(own + '/run/process/ava.js');
const {readResults} = await import(own + '/record/results.js');
const {readCounters, startLan, countersSocket} = await import(own + '/network/lan.js');
const results = folder + '/results.jsonl';
const assignment = {results, filter: ['y holds'], repetition: 1, fixtureFile: folder + '/fixture.json'};
await runScenarios({cellFile: cell, assignment, files: [process.cwd() + '/scenarios/x.mts']});
const pid = await startLan(folder, ['m1', 'w1']);
const counters = await readCounters(countersSocket(folder)).finally(() => process.kill(pid));
console.log(JSON.stringify({results: readResults(results).results, lan: typeof counters}));
`;

async function provesScenarios(t: ExecutionContext, folder: string): Promise<void> {
	const places = fs.mkdtempSync(at('cell-'));
	const cell: CellHandle = {
		schema: 3,
		run: 'test-run',
		cell: {
			id: 'test-cell',
			provider: 'qemu',
			subject: 'swarm',
			nodes: nodesOf(
				{managers: 1, workers: 0, memory: 1024, cpus: 1},
				{
					kernel: {label: '6.1', release: '6.1.0', source: {type: 'directory', path: '/'}},
					engine: {label: '20.10', version: '20.10', source: {type: 'tarball', location: '', sha256: '', suite: ''}},
				},
			),
		},
		machines: [],
		subject: {swarm: {nodeIds: {}, managerToken: '', workerToken: ''}},
		folder: places,
		origin: 'cold boot',
	};
	fs.writeFileSync(path.join(places, 'cell.json'), JSON.stringify(cell));
	fs.writeFileSync(path.join(places, 'program.mjs'), program);
	const {stdout, stderr} = await execa(
		process.execPath,
		[
			path.join(places, 'program.mjs'),
			path.join(folder, 'node_modules/swarmlab/dist/harness'),
			places,
			path.join(places, 'cell.json'),
		],
		{cwd: folder, reject: false, env: {SWARMLAB_CACHE: at('cache')}},
	);
	const log = path.join(places, 'ava.log');
	t.like(
		JSON.parse(stdout || '{}'),
		{results: [{file: 'scenarios/x.mts', title: 'y holds', verdict: 'passed'}], lan: 'object'},
		`${stderr}\n${fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : ''}`,
	);
}

test.serial('npm installs it beside what another project has, with its program', async t => {
	const folder = folders.npm();
	const {exitCode, all} = await execa(
		'npm',
		['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball],
		{cwd: folder, reject: false, all: true},
	);
	t.is(exitCode, 0, all);
	t.false(all.includes('EBADENGINE'), all);
	t.is(
		fs.realpathSync(path.join(folder, 'node_modules/.bin/swarmlab')),
		path.join(folder, 'node_modules/swarmlab/dist/harness/swarmlab.js'),
	);
	await works(t, folder);
});

test.serial('it works where only its own dependencies are beside it, as links', async t => {
	await works(t, await folders.pnpm());
});

test('what must be executable is, and what only the clone needs is not in it', async t => {
	const {stdout} = await execa('tar', ['tvzf', tarball]);
	const files = stdout
		.split('\n')
		.map(line => ({mode: line.slice(0, 10), name: line.slice(line.indexOf('package/') + 8)}));
	const modeOf = (name: string) => files.find(each => each.name === name)?.mode;
	for (const name of ['harness/guest/files/init', 'vagrant/engine.sh', 'harness/devstack/packaged/stack.sh']) {
		t.is(modeOf(`dist/${name}`), '-rwxr-xr-x', name);
	}

	t.truthy(
		modeOf('docs/cli.md') &&
			modeOf('schemas/record-line.schema.json') &&
			modeOf('LICENSE') &&
			modeOf('dist/Vagrantfile'),
	);
	t.deepEqual(
		files
			.map(({name}) => name)
			.filter(name => /\.test\.|fixtures\/|^(test|bench|harness|scenarios)\/|[^d]\.ts$/.test(name)),
		[],
	);
	t.is(
		fs.readFileSync(at('clone/package.json'), 'utf8'),
		fs.readFileSync(path.join(packageRoot, 'package.json'), 'utf8'),
		'the clone has its own package.json again',
	);
});
