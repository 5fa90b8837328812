import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execaNode} from 'execa';
import {type Place, remedyOf, troubleOf} from './places.ts';

const root = fs.mkdtempSync('/tmp/swarmlab-places-');
test.after.always(() => fs.rmSync(root, {recursive: true, force: true}));
fs.writeFileSync(path.join(root, 'file'), '');

const place = (folder: string, name: Place['name'] = 'cache'): Place => ({name, folder, variable: 'X', use: 'a test'});

const rows: [what: string, folder: string, trouble: RegExp][] = [
	['a file in the way', path.join(root, 'file'), /ENOTDIR/],
	['a file in the way to it', path.join(root, 'file/below/it'), /ENOTDIR/],
	['a device', '/dev/null', /ENOTDIR/],
	['what only looks like a folder', '/proc/x', /ENOENT|EACCES/],
	['a folder of the kernel', '/proc', /ENOENT|EACCES/],
	['a folder of a process', '/proc/self/fd/below', /ENOENT|EACCES|EPERM/],
	['a read-only file system', '/sys/kernel/below', /EROFS|EPERM|EACCES/],
];

for (const [what, folder, trouble] of rows) {
	test(`${what} cannot be written, and that is found at once`, t => {
		t.regex(troubleOf(place(folder)) ?? '', trouble);
		t.regex(troubleOf(place(folder), {keep: true}) ?? '', trouble);
	});
}

test('a folder that can be made is made only where it is to be kept', t => {
	const folder = path.join(root, 'a/b/c');
	t.is(troubleOf(place(folder)), undefined);
	t.false(fs.existsSync(path.join(root, 'a')));
	t.is(troubleOf(place(folder), {keep: true}), undefined);
	t.deepEqual(fs.readdirSync(folder), []);
	t.is(troubleOf(place(folder)), undefined);
	t.true(fs.existsSync(folder));
});

test('processes that look at the same missing folder at once do not take each other for trouble', async t => {
	const script = path.join(root, 'look.ts');
	const looked = place(path.join(root, 'shared/by/all'), 'state');
	fs.writeFileSync(
		script,
		`import {troubleOf} from ${JSON.stringify(path.join(import.meta.dirname, 'places.ts'))};
		const troubles = Array.from({length: 500}, () => troubleOf(${JSON.stringify(looked)}));
		console.log(JSON.stringify([...new Set(troubles.filter(each => each !== undefined))]));`,
	);
	const said = await Promise.all([1, 2, 3].map(async () => execaNode(script)));
	t.deepEqual(
		said.map(({stdout}) => stdout),
		['[]', '[]', '[]'],
	);
});

test('the path of the sockets is measured', t => {
	const long = path.join(root, 'r'.repeat(100));
	t.regex(troubleOf(place(long, 'runtime')) ?? '', /bytes, and with more than \d+ no socket/);
	t.is(troubleOf(place(long)), undefined);
	t.is(troubleOf(place(path.join(root, 'rt'), 'runtime')), undefined);
});

test('the remedy is for the cause: room, a right and a shorter path are three things', t => {
	t.regex(remedyOf(place('/x'), 'ENOSPC: no space left on device, write'), /^Make room .*\. Set X to/);
	t.regex(remedyOf(place('/x'), "EACCES: permission denied, mkdir '/x'"), /^Let this user write to \/x.*\. Set X to/);
	t.notRegex(remedyOf(place('/x'), "EACCES: permission denied, mkdir '/x'"), /room/);
	const long = place(path.join(root, 'r'.repeat(100)), 'runtime');
	t.regex(remedyOf(long, troubleOf(long)!), /^Set X to a folder with a shorter path/);
	t.notRegex(remedyOf(long, troubleOf(long)!), /room|right/);
});

test('this host has the folders that it needs', t => {
	t.is(troubleOf(place(os.tmpdir())), undefined);
});
