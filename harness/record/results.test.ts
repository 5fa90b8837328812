import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import type {Result} from '../model/index.ts';
import {followResults} from './follow.ts';
import {appendResult, readResults} from './results.ts';

function file(): string {
	return path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-results-')), 'results.jsonl');
}

function result(title: string): Result {
	return {
		cell: 'c',
		title,
		file: 'scenarios/a.ts',
		repetition: 1,
		verdict: 'passed',
		startedAt: '2026-11-22T22:40:00.000Z',
		seconds: 1,
		metrics: {},
		evidence: [],
		log: [],
	};
}

test('several processes append to one file without losing or mixing a line', async t => {
	const results = file();
	const module = path.join(import.meta.dirname, 'results.ts');
	const program = `import {appendResult} from ${JSON.stringify(module)};
		for (let i = 0; i < 100; i++) appendResult(process.argv[1], {...JSON.parse(process.argv[3]), title: process.argv[2] + i, log: ['x'.repeat(5000)]});`;
	const run = promisify(execFile);
	await Promise.all(
		['a', 'b', 'c'].map(name =>
			run(process.execPath, ['--input-type=module', '-e', program, results, name, JSON.stringify(result(''))]),
		),
	);
	const read = readResults(results);
	t.deepEqual(read.problems, []);
	t.is(new Set(read.results.map(each => each.title)).size, 300);
});

test('a torn last line is reported and the others are read', t => {
	const results = file();
	appendResult(results, result('one'));
	fs.appendFileSync(results, JSON.stringify(result('two')).slice(0, -9));
	t.deepEqual(readResults(results), {
		results: [result('one')],
		problems: ['Line 2 is cut off: its writer was ended while writing it, so what it said is lost.'],
	});
});

test('results are followed while they are written, in pieces and across characters', async t => {
	const results = file();
	const seen: string[] = [];
	const following = followResults(results, each => seen.push(each.title), {intervalSeconds: 0.01});
	const line = Buffer.from(`${JSON.stringify(result('ein Wal 🐳'))}\n`);
	const half = line.indexOf(0xf0) + 2;
	const until = async (count: number) => {
		while (seen.length < count) {
			await new Promise(resolve => setTimeout(resolve, 5));
		}
	};

	// One write: whoever has seen the first has read the half that follows it.
	fs.writeFileSync(
		results,
		Buffer.concat([Buffer.from(`${JSON.stringify(result('the first'))}\n`), line.subarray(0, half)]),
	);
	await until(1);
	t.deepEqual(seen, ['the first']);
	fs.appendFileSync(results, line.subarray(half));
	await until(2);

	appendResult(results, result('the last'));
	fs.appendFileSync(results, '{"torn');
	const read = await following.end();
	t.deepEqual(seen, ['the first', 'ein Wal 🐳', 'the last']);
	t.deepEqual(
		read.results.map(each => each.title),
		seen,
	);
	t.deepEqual(read.problems, ['Line 4 is cut off: its writer was ended while writing it, so what it said is lost.']);
});

test('a file that never comes is no result, and an onResult that throws costs nothing', async t => {
	t.deepEqual(await followResults(file(), () => t.fail(), {intervalSeconds: 0.01}).end(), {results: [], problems: []});

	const results = file();
	appendResult(results, result('one'));
	appendResult(results, result('two'));
	const read = await followResults(
		results,
		() => {
			throw new Error('no');
		},
		{intervalSeconds: 0.01},
	).end();
	t.is(read.results.length, 2);
	t.is(read.problems.length, 2);
});

test('lines that are no results are left out and reported', t => {
	const results = file();
	fs.writeFileSync(
		results,
		`12\nnull\n{"cell":"c","title":"t","verdict":"passed"}\n${JSON.stringify(result('whole'))}\n`,
	);
	t.deepEqual(readResults(results), {
		results: [result('whole')],
		problems: [
			'Line 1 is damaged and was left out: it is not an object.',
			'Line 2 is damaged and was left out: it is not an object.',
			'Line 3 is damaged and was left out: file is missing, repetition is missing, startedAt is missing, seconds is missing, metrics is missing, and 2 more parts.',
		],
	});
});
