import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {UsageError} from '../errors.ts';
import type {CellHandle} from '../model/index.ts';
import {proveAlone, requireIdle} from './proving.ts';

function handleIn(t: import('ava').ExecutionContext): CellHandle {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-proving-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	return {run: 'hand-1', cell: {id: 'qemu-k6.1-d28.5-1m0w'}, folder} as CellHandle;
}

test('a cell on which a run proves is in use, and then it is not', async t => {
	const handle = handleIn(t);
	await requireIdle(handle);
	await proveAlone(
		handle,
		() => t.fail('nothing else proves on it'),
		async () => {
			await t.throwsAsync(requireIdle(handle), {
				instanceOf: UsageError,
				message: new RegExp(
					`^qemu-k6\\.1-d28\\.5-1m0w \\(hand-1\\) is in use: process ${process.pid} on .* proves claims on it\\.`,
				),
			});
		},
	);
	await requireIdle(handle);
});

test('a cell is not in use by a run that was killed', async t => {
	const handle = handleIn(t);
	const lock = path.join(handle.folder, 'proving.lock');
	fs.mkdirSync(lock);
	const longAgo = new Date(Date.now() - 60_000);
	fs.utimesSync(lock, longAgo, longAgo);
	await requireIdle(handle);
	t.pass();
});
