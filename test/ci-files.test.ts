/**
 * The files for CIs: those of GitHub are read by GitHub's own parser with its schema. GitLab publishes its schema in no package,
 * so a parser of YAML reads that file, and what it must have is written here.
 */
import fs from 'node:fs';
import {registerHooks} from 'node:module';
import path from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {ciFile} from '../harness/init/ci.ts';
import {packageRoot} from '../harness/package.ts';

// The parser imports JSON as a bundler would.
registerHooks({
	load: (url, context, next) =>
		next(url, url.endsWith('.json') ? {...context, importAttributes: {type: 'json'}} : context),
});
const {parseWorkflow, NoOperationTraceWriter} = await import('@actions/workflow-parser');
const {parseAction} = await import('@actions/workflow-parser/actions/action-parser');

const read = (name: string) => fs.readFileSync(path.join(packageRoot, name), 'utf8');

/** Returns what GitHub has against a file. */
function problemsOf(content: string, parser = parseWorkflow): string[] {
	const {context} = parser({name: 'file.yml', content}, new NoOperationTraceWriter());
	return context.errors.getErrors().map(({message}) => message);
}

const none = () => false;
const [, example] = /## GitHub Actions\n\n```yaml\n([\s\S]*?)```/.exec(read('docs/scale.md'))!;
const workflows: [what: string, text: string][] = [
	['what init writes', ciFile('github', {isModule: true, has: none})!.text],
	['.github/workflows/ci.yml', read('.github/workflows/ci.yml')],
	['the example of docs/scale.md', `on: push\n${example}`],
];
for (const [what, text] of workflows) {
	test(`${what} is a workflow by GitHub's schema`, t => {
		t.deepEqual(problemsOf(text), []);
	});
}

test("ci/action.yml is an action by GitHub's schema", t => {
	t.deepEqual(problemsOf(read('ci/action.yml'), parseAction), []);
});

test('GitHub names what is wrong in a file', t => {
	t.regex(problemsOf('on: push\njobs: {a: {runs-on: x, stepz: []}}').join('\n'), /Unexpected value 'stepz'/);
	t.regex(problemsOf('name: x\nruns: {using: composite, stepz: []}', parseAction).join('\n'), /'stepz'/);
});

interface Job {
	extends?: string;
	stage?: string;
	script?: string[];
	parallel?: number;
	artifacts?: {paths: string[]; reports?: {junit: string}};
}

test('ci/gitlab.yml plans, proves each shard and merges, in stages that there are', t => {
	const {stages, ...jobs} = parse(read('ci/gitlab.yml')) as {stages: string[]} & Record<string, Job>;
	const real = Object.entries(jobs as Record<string, Job>).filter(([name]) => !name.startsWith('.'));
	t.deepEqual(
		real.map(([, {stage}]) => stage),
		stages,
	);
	for (const [name, job] of real) {
		t.true(job.extends! in jobs, name);
		t.true(
			job.script!.every(line => line.startsWith('npx --no swarmlab ')),
			name,
		);
	}

	t.is(jobs.swarmlab!.script![0], 'npx --no swarmlab run --plan plan.json --shard $CI_NODE_INDEX/$CI_NODE_TOTAL');
	t.true(jobs.swarmlab!.parallel! > 1);
	t.is(jobs['swarmlab-merge']!.artifacts!.reports!.junit, 'reports/runs/latest/junit.xml');
});

for (const [what, text] of [
	['ci/Jenkinsfile', read('ci/Jenkinsfile')],
	['what init writes for Jenkins', ciFile('jenkins', {isModule: true, has: none})!.text],
] as const) {
	test(`${what} closes what it opens, and begins with a pipeline`, t => {
		const code = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/'[^'\n]*'|"[^"\n]*"/g, '');
		t.regex(code.trim(), /^pipeline \{/);
		t.notRegex(code, /['"]/, 'a text that does not end');
		const open: string[] = [];
		for (const bracket of code.match(/[{}()[\]]/g)!) {
			if ('{(['.includes(bracket)) {
				open.push(bracket);
			} else {
				t.is(open.pop(), {'}': '{', ')': '(', ']': '['}[bracket]);
			}
		}

		t.deepEqual(open, []);
	});
}
