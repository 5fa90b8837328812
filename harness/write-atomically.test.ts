import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execaNode} from 'execa';
import {sourceFiles} from '../test/imports.ts';
import {packageRoot} from './package.ts';
import {listRuns} from './record/find.ts';
import {createAtomically, isUnfinished, writeAtomically} from './write-atomically.ts';

function folderFor(t: import('ava').ExecutionContext): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarmlab-atomic-'));
	t.teardown(() => fs.rmSync(folder, {recursive: true, force: true}));
	return folder;
}

/** Runs a call of a module in a process that is killed at the moment at which it would put something in its place. */
async function killedAtRename(module: string, call: string): Promise<void> {
	const script = [
		"import fs from 'node:fs';",
		"fs.renameSync = () => process.kill(process.pid, 'SIGKILL');",
		`const {${call.split('(')[0]}} = await import(${JSON.stringify(path.join(import.meta.dirname, module))});`,
		`${call};`,
	].join('\n');
	const {signal} = await execaNode('--input-type=module', ['-e', script], {reject: false});
	if (signal !== 'SIGKILL') {
		throw new Error(`${module} renames nothing: it ended by ${signal}`);
	}
}

test('a writer that is killed leaves the file as it was, and what it left goes with a later one', async t => {
	const folder = folderFor(t);
	const file = path.join(folder, 'lease.json');
	writeAtomically(file, 'before');
	await killedAtRename('write-atomically.ts', `writeAtomically(${JSON.stringify(file)}, 'after')`);
	t.is(fs.readFileSync(file, 'utf8'), 'before');
	const left = fs.readdirSync(folder).filter(name => name !== 'lease.json');
	t.is(left.length, 1);
	t.true(left.every(isUnfinished));

	writeAtomically(file, 'a moment later');
	t.is(fs.readdirSync(folder).length, 2, 'another process may be at it');
	const longAgo = new Date(Date.now() - 2 * 3600 * 1000);
	fs.utimesSync(path.join(folder, left[0]!), longAgo, longAgo);
	writeAtomically(file, 'much later');
	t.deepEqual(fs.readdirSync(folder), ['lease.json']);
	t.is(fs.readFileSync(file, 'utf8'), 'much later');
});

test('of several writers of a new file one succeeds, and the others leave it as it is', t => {
	const file = path.join(folderFor(t), 'n1.json');
	createAtomically(file, 'first');
	t.throws(() => createAtomically(file, 'second'), {code: 'EEXIST'});
	t.is(fs.readFileSync(file, 'utf8'), 'first');
	t.deepEqual(fs.readdirSync(path.dirname(file)), ['n1.json']);
});

test('what cannot be written leaves nothing', t => {
	const folder = folderFor(t);
	fs.mkdirSync(path.join(folder, 'file', 'in the way'), {recursive: true});
	t.throws(() => writeAtomically(path.join(folder, 'file'), 'text'));
	t.deepEqual(fs.readdirSync(folder), ['file']);
});

test('what a killed run left of the link to the latest one is no run', async t => {
	const folder = folderFor(t);
	const id = '2026-11-22T22-40-00-aa';
	fs.mkdirSync(path.join(folder, id));
	fs.writeFileSync(path.join(folder, id, 'run.jsonl'), '');
	await killedAtRename('run/latest.ts', `pointLatestTo('${id}', ${JSON.stringify(folder)})`);
	t.is(fs.readdirSync(folder).length, 2);
	t.deepEqual(listRuns(folder), [id]);
});

/** Files that may write or rename plainly: what they write is read by no other process, or only under another name later. */
const plainly: Record<string, string[]> = {
	// An artifact is made in a folder of its own, which gets its name when all is in it.
	artifacts: [
		...['box.ts', 'box-rootfs.ts', 'cache.ts', 'cloud-files.ts', 'guest-files.ts', 'initrd.ts', 'kernel-artifact.ts'],
		...['partition.ts', 'saved.ts', 'service-images.ts', 'snapshots.ts', 'stored.ts', 'tree.ts'],
	],
	// A folder of its own that goes at once, or a file that only its maker looks at.
	own: ['exec-transport.ts', 'forward.ts', 'place.ts', 'places.ts'],
	// The last word of something that has ended.
	records: ['boot.ts', 'folder.ts', 'provider.ts', 'stack.ts'],
	// The package, which npm reads when all of it is there.
	packaging: ['api.ts', 'build.ts', 'schemas.ts', 'swap.ts'],
	// The name of a container.
	containers: ['upgrade.ts'],
	// The file that a person asked for by name.
	asked: ['capture.ts'],
	// The helper, what writes piece by piece, and a pair of keys of which the first is linked.
	helpers: ['key.ts', 'whole-file.ts', 'write-atomically.ts'],
};

test('what other processes read is written at once and whole: each file that writes plainly has a reason here', t => {
	const found = sourceFiles()
		.filter(file => !/^(test|bench)\/|\.test\.ts$|fixtures\//.test(file))
		.filter(file => /\b(writeFile|rename)(Sync)?\(/.test(fs.readFileSync(path.join(packageRoot, file), 'utf8')))
		.map(file => path.basename(file));
	t.deepEqual([...new Set(found)].sort(), Object.values(plainly).flat().sort());
});
