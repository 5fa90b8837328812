/** The answers at a failure: one stop at a time, and none for a run that ends. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import pLimit from 'p-limit';
import type {CellHandle, DebugAnswer} from '../model/index.ts';
import {answerStop, type DebugStop} from './debug.ts';

const paused = {scenario: {title: 'one', file: 'a.ts'}, verdict: 'failed' as const, evidence: []};

function stopsIn(t: {teardown(fn: () => void): void}, count: number): CellHandle[] {
	return Array.from({length: count}, () => {
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-stop-'));
		t.teardown(() => fs.rmSync(folder, {recursive: true}));
		return {folder} as CellHandle;
	});
}

const answerIn = ({folder}: CellHandle) => {
	const file = path.join(folder, 'answer.json');
	return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
};

const contextOf = (debug: (stop: DebugStop) => Promise<DebugAnswer>, ended = new AbortController()) => ({
	...{debug, stops: pLimit(1), signal: ended.signal},
	end: (name: string) => ended.abort(new Error(name)),
});

test('two cells that stop ask one after the other', async t => {
	const [one, two] = stopsIn(t, 2) as [CellHandle, CellHandle];
	const first = Promise.withResolvers<DebugAnswer>();
	const asked: CellHandle[] = [];
	const context = contextOf(async ({handle}) => {
		asked.push(handle);
		return handle === one ? first.promise : 'retry';
	});
	const both = [answerStop(context, one, paused), answerStop(context, two, paused)];
	await new Promise(resolve => setImmediate(resolve));
	t.deepEqual(asked, [one]);
	t.is(answerIn(two), undefined);
	first.resolve('go on');
	await Promise.all(both);
	t.deepEqual([answerIn(one), answerIn(two)], [{answer: 'go on'}, {answer: 'retry'}]);
});

test('a prompt that cannot be shown lets the run go on', async t => {
	const [one] = stopsIn(t, 1) as [CellHandle];
	await answerStop(
		contextOf(async () => Promise.reject(new Error('no terminal'))),
		one,
		paused,
	);
	t.deepEqual(answerIn(one), {answer: 'go on'});
});

test('after an answer that ends the run nobody is asked, and no process is told to go on', async t => {
	const [one, two] = stopsIn(t, 2) as [CellHandle, CellHandle];
	const asked: CellHandle[] = [];
	const context = contextOf(async stop => {
		asked.push(stop.handle);
		stop.end();
		return 'go on';
	});
	await Promise.all([answerStop(context, one, paused), answerStop(context, two, paused)]);
	t.deepEqual(asked, [one]);
	t.deepEqual([answerIn(one), answerIn(two)], [undefined, undefined]);
});
