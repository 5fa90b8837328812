import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {access, chmod, copyFile, mkdir, mkdtemp, open, readdir, rm, symlink, utimes, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {ArtifactKind} from '../model/index.ts';
import type {StoredArtifact} from './stored.ts';

const place = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-evict-'));
await mkdir(path.join(place, 'large-disk'));
// As people move a cache to a larger disk.
await symlink(path.join(place, 'large-disk'), path.join(place, 'cache'));
process.env.SWARMLAB_CACHE = path.join(place, 'cache');
// Only now: paths.ts reads the environment when it is loaded.
const {artifactsFolder, ensureArtifact, seenFile} = await import('./cache.ts');
const {overLimit, evictSnapshots, freeDisk} = await import('./evict.ts');
const {foldersInUse} = await import('./in-use.ts');
const {withLock} = await import('./lock.ts');
const {listArtifacts, removeAbandoned, removeArtifacts} = await import('./stored.ts');

test.after.always(() => rm(place, {recursive: true, force: true}));

const day = 24 * 3600 * 1000;
const now = Date.parse('2026-11-22T22:40:00Z');

/** `a`, used three days ago and 100 bytes large, and so on: the one used last first, as they are listed. */
const stored = [
	['a', 3, 100],
	['b', 10, 200],
	['c', 40, 300],
].map(([name, days, size]) => ({folder: name, usedAt: now - (days as number) * day, size}) as StoredArtifact);

const limits: [title: string, limit: Parameters<typeof overLimit>[1], keep: string[], gone: string][] = [
	['no limit takes nothing', {}, [], ''],
	['an age takes what is older', {days: 30}, [], 'c'],
	['an age of none takes everything, the oldest first', {days: 0}, [], 'c b a'],
	['a size that suffices takes nothing', {bytes: 600}, [], ''],
	['a size takes the least recently used until the rest fits', {bytes: 599}, [], 'c'],
	['a size takes no more than it must', {bytes: 150}, [], 'c b'],
	['what is kept takes its room all the same', {bytes: 599}, ['c'], 'b'],
	['what is kept stays even if nothing else is left', {bytes: 0, days: 0}, ['a', 'b', 'c'], ''],
	['the stricter of both counts', {bytes: 350, days: 5}, [], 'c b'],
];

for (const [title, limit, keep, gone] of limits) {
	test(title, t => {
		const found = overLimit(stored, limit, new Set(keep), now);
		t.is(found.map(({folder}) => folder).join(' '), gone);
	});
}

/** An artifact of 100 kB that was used so many days ago. */
async function make(kind: ArtifactKind, name: string, days: number): Promise<string> {
	const build = async (folder: string) => writeFile(path.join(folder, 'm1.ram'), Buffer.alloc(100_000, name));
	const {folder, key} = await ensureArtifact({kind, label: name, recipe: {name}, build}, () => {});
	const then = new Date(Date.now() - days * day);
	await utimes(seenFile(kind, key), then, then);
	return folder;
}

const labels = async () => (await listArtifacts()).map(({label}) => label).sort();
const labelsOf = (artifacts: StoredArtifact[]) => artifacts.map(({label}) => label);

test.beforeEach(() => rm(artifactsFolder(), {recursive: true, force: true}));

test.serial(
	'a file that a process has open, or only mapped, shows the artifact in use, through a moved cache',
	async t => {
		const [opened, mapped] = [await make('template', 'opened', 5), await make('cluster', 'mapped', 5)];
		await make('kernel', 'closed', 5);
		t.deepEqual(await foldersInUse(), new Set());
		const disk = await open(path.join(opened, 'm1.ram'));
		// A running program is mapped, and nobody has its file open.
		const program = path.join(mapped, 'a program with blanks');
		await copyFile('/bin/sleep', program);
		await chmod(program, 0o755);
		const child = spawn(program, ['3600'], {stdio: 'ignore'});
		await once(child, 'spawn');
		try {
			// A set would show the order of its members, too: that of /proc, which wraps.
			t.deepEqual([...(await foldersInUse())].sort(), [opened, mapped].sort());
			t.deepEqual(labelsOf(await evictSnapshots({days: 1})), []);
		} finally {
			child.kill('SIGKILL');
			await once(child, 'exit');
			await disk.close();
		}

		t.deepEqual(await foldersInUse(), new Set());
		t.deepEqual(labelsOf(await evictSnapshots({days: 1})).sort(), ['mapped', 'opened']);
		t.deepEqual(await labels(), ['closed'], 'kernels and engines are no snapshots');
	},
);

test.serial('snapshots beyond the size go, the least recently used first; kept and new ones stay', async t => {
	await make('fixture', 'oldest', 9);
	const kept = await make('cluster', 'kept', 8);
	await make('template', 'older', 7);
	await make('template', 'newer', 6);
	await make('cluster', 'new', 0);
	await make('engine', 'engine', 90);
	const one = (await listArtifacts())[0]!.size;
	t.true(one >= 100_000);
	t.deepEqual(labelsOf(await evictSnapshots({bytes: 3 * one}, new Set([kept]))), ['oldest', 'older']);
	t.deepEqual(labelsOf(await evictSnapshots({bytes: 0}, new Set([kept]))), ['newer']);
	t.deepEqual(await labels(), ['engine', 'kept', 'new']);
	t.deepEqual(
		(await readdir(artifactsFolder())).filter(name => name.includes('.building-')),
		[],
	);
});

test.serial('a disk that lacks bytes is given them by the snapshots that were not used for longest', async t => {
	await make('fixture', 'oldest', 9);
	await make('template', 'older', 7);
	await make('cluster', 'newer', 6);
	await make('engine', 'engine', 90);
	const one = (await listArtifacts())[0]!.size;
	t.deepEqual(labelsOf(await freeDisk(1)), ['oldest']);
	t.deepEqual(labelsOf(await freeDisk(2 * one + 1)), [], 'all of them would not suffice');
	t.deepEqual(labelsOf(await freeDisk(one + 1)), ['older', 'newer']);
	t.deepEqual(await labels(), ['engine']);
});

test.serial(
	'what was used since it was looked at stays, as does what somebody works on; what is gone is no trouble',
	async t => {
		const folder = await make('template', 'used', 9);
		await make('template', 'checked', 9);
		const seen = await listArtifacts();
		const checked = seen.find(({label}) => label === 'checked')!;
		await make('template', 'used', 1);
		const lock = path.join(process.env.SWARMLAB_CACHE!, 'locks', `template-${checked.key}`);
		const removed = await withLock(
			lock,
			() => {},
			() => removeArtifacts(seen),
		);
		t.deepEqual(removed, []);
		t.deepEqual(await labels(), ['checked', 'used']);

		const again = await listArtifacts();
		await rm(folder, {recursive: true});
		t.deepEqual(labelsOf(await removeArtifacts(again)), ['checked']);
	},
);

test.serial('what a killed remover left is no artifact any more, and goes with what dead builders left', async t => {
	const folder = await make('template', 'torn', 9);
	// One beyond the largest that Linux gives (PID_MAX_LIMIT): that of an ended process may be another's by now.
	const remains = `${folder}.building-${2 ** 22 + 1}`;
	await copyWhole(folder, remains);
	t.deepEqual(await labels(), ['torn']);
	t.deepEqual(await removeAbandoned(), [remains]);
	await t.throwsAsync(access(remains));
});

async function copyWhole(from: string, to: string): Promise<void> {
	await mkdir(to);
	for (const name of await readdir(from)) {
		await copyFile(path.join(from, name), path.join(to, name));
	}
}
