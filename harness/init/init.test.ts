/** What init writes, into real folders. That its files load, compile and are proven is in test/package.machine.test.ts. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {type Answers, ciNames, problemOf, questionsOf} from './answers.ts';
import {filesOf} from './files.ts';
import {lookAt, writeFiles} from './write.ts';

function folderOf(t: ExecutionContext, files: Record<string, string> = {}): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-init-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true}));
	for (const [name, text] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
		fs.writeFileSync(path.join(folder, name), text);
	}

	return folder;
}

const answers: Answers = {provider: 'qemu', engines: ['20.10', '28.5'], ci: 'none'};
const init = (folder: string, more: Partial<Answers> = {}) =>
	writeFiles(folder, filesOf({...answers, ...more}, lookAt(folder)));
const read = (folder: string, name: string) => fs.readFileSync(path.join(folder, name), 'utf8');

test('into an empty folder it writes a config, two scenarios, and what keeps runs out of Git', t => {
	const folder = folderOf(t);
	const {written, left} = init(folder);
	const names = ['swarmlab.config.mts', 'scenarios/first.mts', 'scenarios/on-purpose/fails.mts', '.gitignore'];
	t.deepEqual(
		written.map(({name}) => name),
		names,
	);
	t.deepEqual(left, []);
	t.regex(
		read(folder, 'swarmlab.config.mts'),
		/providers: \['qemu'\][\s\S]*kernels: \['default'\][\s\S]*engines: \['20\.10', '28\.5'\]/,
	);
	t.regex(read(folder, 'swarmlab.config.mts'), /scenarios: \['scenarios\/\*\.mts'\]/);
});

test('containers have the kernel of their host, so the config names none', t => {
	const folder = folderOf(t);
	init(folder, {provider: 'container'});
	t.notRegex(read(folder, 'swarmlab.config.mts'), /^\tkernels/m);
});

const types: [what: string, files: Record<string, string>, extension: string][] = [
	['a package of modules has .ts', {'package.json': '{"type": "module"}'}, 'ts'],
	['one of CommonJS has .mts', {'package.json': '{"type": "commonjs"}'}, 'mts'],
	['one that says nothing has .mts', {'package.json': '{}'}, 'mts'],
	['a package.json that is torn says nothing', {'package.json': '{"type": "mod'}, 'mts'],
];
for (const [what, files, extension] of types) {
	test(what, t => {
		const folder = folderOf(t, files);
		t.is(init(folder).written[0]!.name, `swarmlab.config.${extension}`);
	});
}

test('the package of a folder is the nearest one above', t => {
	const folder = path.join(folderOf(t, {'package.json': '{"type": "module"}', 'deep/er/x': ''}), 'deep/er');
	t.is(init(folder).written[0]!.name, 'swarmlab.config.ts');
});

test('what is there stays as it is, a config of another extension too, and the rest is written', t => {
	const own = {'swarmlab.config.js': 'own', 'scenarios/first.mts': 'own', '.gitignore': 'own', 'notes.md': 'own'};
	const folder = folderOf(t, own);
	const {written, left} = init(folder);
	t.deepEqual(
		written.map(({name}) => name),
		['scenarios/on-purpose/fails.mts'],
	);
	t.deepEqual(left, ['swarmlab.config.js', 'scenarios/first.mts']);
	for (const name of Object.keys(own)) {
		t.is(read(folder, name), 'own', name);
	}

	t.deepEqual(init(folder).written, [], 'a second time nothing is written');
});

test('where a folder should be there is a file: it is named, and nothing is written over', t => {
	const folder = folderOf(t, {scenarios: 'a file'});
	const error = t.throws(() => init(folder));
	t.regex(error.message, /scenarios cannot be written: E\w+: /);
	t.is(read(folder, 'scenarios'), 'a file');
});

test('the CI files are read by a parser of YAML, with their jobs', t => {
	const github = folderOf(t);
	init(github, {ci: 'github'});
	const workflow = parse(read(github, '.github/workflows/swarmlab.yml')) as {
		on: object;
		jobs: {swarm: {steps: {run?: string; uses?: string}[]}};
	};
	t.deepEqual(Object.keys(workflow.on), ['push', 'schedule', 'workflow_dispatch']);
	const {steps} = workflow.jobs.swarm;
	t.true(steps.every(({run, uses}) => (run === undefined) !== (uses === undefined)));
	t.true(steps.some(({run}) => run === 'npx --no swarmlab run --reporter github'));
	const gitlab = folderOf(t);
	init(gitlab, {ci: 'gitlab'});
	t.like(parse(read(gitlab, '.gitlab-ci.yml')), {
		swarmlab: {
			script: ['npm ci', 'npx --no swarmlab run'],
			artifacts: {when: 'always', reports: {junit: 'reports/runs/latest/junit.xml'}},
		},
	});
});

test('the CI files install with pnpm where its lock file is', t => {
	for (const [ci, file] of [
		['github', '.github/workflows/swarmlab.yml'],
		['gitlab', '.gitlab-ci.yml'],
		['jenkins', 'Jenkinsfile'],
	] as const) {
		const folder = folderOf(t, {'pnpm-lock.yaml': ''});
		init(folder, {ci});
		t.regex(read(folder, file), /npx --yes pnpm install --frozen-lockfile\b/);
		t.notRegex(read(folder, file), /npm ci/);
	}
});

test('a CI file that is there stays, and another one is written beside it', t => {
	const names = (files: Record<string, string>, ci: Answers['ci']) => {
		const folder = folderOf(t, files);
		return init(folder, {ci}).written.map(({name}) => name);
	};
	t.true(names({'.gitlab-ci.yml': 'own'}, 'gitlab').includes('.gitlab/swarmlab.yml'));
	t.true(names({Jenkinsfile: 'own'}, 'jenkins').includes('swarmlab.Jenkinsfile'));
	t.false(names({'.github/workflows/swarmlab.yml': 'own'}, 'github').includes('.github/workflows/swarmlab.yml'));
});

test('an answer that is not valid is named with those that are, and the nearest', t => {
	const [provider, engines, ci] = questionsOf(['qemu', 'container']);
	t.is(
		problemOf(provider!, 'contianer'),
		"--provider: 'contianer' is not valid. Valid: qemu, container. Did you mean 'container'?",
	);
	t.is(problemOf(engines!, ' , '), "--docker: ' , ' names nothing.");
	t.is(problemOf(engines!, '20.10,28.5'), undefined);
	t.deepEqual(
		ciNames.map(name => problemOf(ci!, name)),
		ciNames.map(() => undefined),
	);
});
