import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {warnOfAnother} from './another-copy.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-copies-'));
const installed = path.join(folder, 'node_modules/swarmlab');
fs.mkdirSync(path.join(folder, 'deep'));
fs.mkdirSync(installed, {recursive: true});
fs.writeFileSync(path.join(installed, 'package.json'), '{"name": "swarmlab", "version": "9.9.9"}');
test.after.always(() => fs.rmSync(folder, {recursive: true}));

function warningsIn(folder: string, version: string): string[] {
	const lines: string[] = [];
	warnOfAnother(line => lines.push(line), folder, version);
	return lines;
}

test('another version in the workspace, or above it, is named with its place', t => {
	t.deepEqual(warningsIn(folder, '1.0.0'), [
		`warning: swarmlab 1.0.0 runs, and ${folder} has swarmlab 9.9.9 installed. To run that one: npx --no swarmlab`,
	]);
	t.is(warningsIn(path.join(folder, 'deep'), '1.0.0').length, 1);
});

test('the same version, or none, is no matter', t => {
	t.deepEqual(warningsIn(folder, '9.9.9'), []);
	t.deepEqual(warningsIn(os.tmpdir(), '1.0.0'), []);
});
