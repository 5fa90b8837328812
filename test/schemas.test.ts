/** schemas/ is what the types of the outputs say, and what is written is as it says. */
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import {createProgram} from '../harness/commands/program.ts';
import {compare} from '../harness/compare/compare.ts';
import {diagnose} from '../harness/diagnosis/diagnose.ts';
import type {Evidence} from '../harness/model/index.ts';
import {packageRoot} from '../harness/package.ts';
import {planFileOf} from '../harness/plan/plan-file.ts';
import {asLines, cells, sampleRun, scenarios} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {schemaFiles} from '../packaging/schemas.ts';
import {comparisonJson} from '../reports/comparison-json.ts';
import {checkerOf} from './schemas.ts';

test('schemas/ is made of the types: a change of an output is seen in a review', t => {
	const files = schemaFiles();
	t.deepEqual(globSync('*', {cwd: path.join(packageRoot, 'schemas')}).sort(), [...files.keys()].sort());
	for (const [name, text] of files) {
		t.is(
			readFileSync(path.join(packageRoot, 'schemas', name), 'utf8'),
			text,
			`${name}: npm run schemas makes it again`,
		);
	}
});

const lines = asLines(sampleRun())
	.trim()
	.split('\n')
	.map(line => JSON.parse(line) as {event: string});

test('each line of a record has the shape of its event', t => {
	const check = checkerOf('record-line');
	for (const line of lines) {
		t.deepEqual(check(line), [], line.event);
	}
});

test('a line that lacks a part, or has one of another kind, is refused', t => {
	const check = checkerOf('record-line');
	const result = lines.find(({event}) => event === 'result') as unknown as {result: {verdict: string}};
	t.not(check({...result, result: {...result.result, verdict: 'green'}}).length, 0);
	t.not(check({...result, at: undefined}).length, 0);
	t.not(check({...result, odd: 1}).length, 0, 'a part that no type has');
});

test('a summary has the shape that run, merge, report and reproduce print', t => {
	const {events, problems} = parseRecord(asLines(sampleRun()));
	const summary = summarise(events, problems);
	t.deepEqual(checkerOf('summary')(summary), []);
	t.not(checkerOf('summary')({...summary, cells: undefined}).length, 0);
});

test('a plan, a comparison and a diagnosis have the shapes that are printed', t => {
	const manner = {repeat: 1};
	const plan = planFileOf({cells, scenarios, seconds: {}, problems: [], knownFailures: [], manner});
	t.deepEqual(checkerOf('plan')(plan), []);
	const file = path.join(packageRoot, 'harness/diagnosis/fixtures/stale-backend.json.gz');
	const evidence = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Evidence;
	const run = {folder: '/runs/one', summary: summarise(sampleRun()), values: new Map()};
	const compared = [
		...compare([run], {
			cells: cells.slice(0, 2).map(({id}) => id),
			evidenceOf: () => ({evidence: [evidence], problems: []}),
		}),
		...compare([run], {cells: [], evidenceOf: () => ({evidence: [], problems: ['it is gone']})}),
	].map(comparisonJson);
	t.true(compared.some(({differences}) => differences.length > 0));
	t.deepEqual(checkerOf('compare')(compared), []);
	const diagnosis = diagnose(evidence);
	t.true(diagnosis.causes.length > 0);
	t.deepEqual(checkerOf('diagnose')([{folder: '/evidence', diagnosis}]), []);
});

test('every command with --json has a schema', t => {
	const names = createProgram('0', () => {})
		.commands.filter(({options}) => options.some(({long}) => long === '--json'))
		.map(command => command.name());
	t.true(names.length > 15);
	const ofSummary = ['run', 'merge', 'report', 'reproduce'];
	const files = globSync('*', {cwd: path.join(packageRoot, 'schemas')});
	t.deepEqual(
		names.filter(name => !files.includes(`${ofSummary.includes(name) ? 'summary' : name}.schema.json`)),
		[],
	);
});
