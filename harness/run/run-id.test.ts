import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {makeRunFolder, newRunId} from './run-id.ts';

test('an id sorts by time', t => {
	t.regex(newRunId(new Date('2026-11-23T14:05:09.123Z')), /^2026-11-23T14-05-09-[a-z0-9]{4}$/);
});

test('runs of one second have ids of their own', t => {
	const now = new Date();
	const ids = Array.from({length: 40}, () => newRunId(now));
	// Two characters make 1296 ends, of which forty ids share one in every second try. Of four, one try in two thousand does.
	t.true(new Set(ids).size >= ids.length - 1);
	t.true(ids.every(id => id.length === ids[0]!.length));
});

test('two runs never share a folder: an id that is taken is not used again', t => {
	const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-run-id-'));
	t.teardown(() => fs.rmSync(parent, {recursive: true}));
	const ids = ['a', 'a', 'a', 'b'];
	const next = () => ids.shift()!;
	const made = [makeRunFolder(path.join(parent, 'runs'), next), makeRunFolder(path.join(parent, 'runs'), next)];
	t.deepEqual(
		made.map(({id, folder}) => [id, path.basename(folder)]),
		[
			['a', 'a'],
			['b', 'b'],
		],
	);
});

test('a folder that cannot be made is an error at once', t => {
	const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-run-id-'));
	t.teardown(() => fs.rmSync(parent, {recursive: true}));
	t.throws(() => makeRunFolder(parent, () => path.join('not', 'there')), {code: 'ENOENT'});
});
