/** schemas/ is what the types of the outputs say, and what is written is as it says. */
import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {packageRoot} from '../harness/package.ts';
import {asLines, sampleRun} from '../harness/record/fixtures/sample-run.ts';
import {parseRecord} from '../harness/record/record.ts';
import {summarise} from '../harness/record/summary/summarise.ts';
import {schemaFiles} from '../packaging/schemas.ts';
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
});

test('a summary has the shape that run, merge, report and reproduce print', t => {
	const {events, problems} = parseRecord(asLines(sampleRun()));
	const summary = summarise(events, problems);
	t.deepEqual(checkerOf('summary')(summary), []);
	t.not(checkerOf('summary')({...summary, cells: undefined}).length, 0);
});
