import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {ArtifactError} from '../errors.ts';
import type {ArtifactRequest} from './cache.ts';
import type {ArtifactEvent, NoticeEvent} from './report.ts';

const cache = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-cache-'));
process.env.SWARMLAB_CACHE = cache;
// Only now: paths.ts reads the environment when it is loaded.
const {ensureArtifact, keyOf} = await import('./cache.ts');
const {seenFile} = await import('./cache.ts');
const {listArtifacts, pruneArtifacts} = await import('./stored.ts');

test.after.always(() => rm(cache, {recursive: true, force: true}));

type AnyEvent = ArtifactEvent | NoticeEvent;

/** Asks for an artifact with one file `disk`; returns what came back, what was reported, and how often it was built. */
async function ask(name: string, more: Partial<ArtifactRequest> = {}) {
	const reported: AnyEvent[] = [];
	let builds = 0;
	const build = async (folder: string) => {
		builds++;
		await writeFile(path.join(folder, 'disk'), `disk of ${name}`);
		await writeFile(path.join(folder, '.scratch', 'leftover'), 'not part of it');
	};
	const artifact = await ensureArtifact({kind: 'kernel', label: name, recipe: {name}, build, ...more}, event =>
		reported.push(event),
	);
	return {artifact, states: reported.map(event => ('state' in event ? event.state : event.message)), reported, builds};
}

test('a recipe gives the same key whatever the order of its fields, and another when anything differs', t => {
	t.is(keyOf('kernel', {a: 1, b: {c: 2, d: [1, 2]}}), keyOf('kernel', {b: {d: [1, 2], c: 2}, a: 1}));
	t.not(keyOf('kernel', {a: 1}), keyOf('engine', {a: 1}));
	t.not(keyOf('kernel', {a: [1, 2]}), keyOf('kernel', {a: [2, 1]}));
});

test('what was built once comes from the cache, and scratch is no part of it', async t => {
	const first = await ask('once');
	t.deepEqual([first.artifact.state, first.builds], ['built', 1]);
	t.deepEqual(first.states, ['building', 'built']);
	const second = await ask('once');
	t.deepEqual([second.artifact.state, second.builds, second.states], ['cached', 0, ['cached']]);
	t.deepEqual((await readdir(second.artifact.folder)).sort(), ['disk', 'manifest.json']);
});

/** Leaves another time at the file, however quick this host is: the kernel's clock for files ticks every few milliseconds. */
async function flip(disk: string): Promise<void> {
	const {ctimeMs} = await stat(disk);
	do {
		await writeFile(disk, 'Disk of damaged');
	} while ((await stat(disk)).ctimeMs === ctimeMs);
}

const damages: Record<string, {harm: (disk: string) => Promise<void>; said: RegExp}> = {
	'a flipped bit': {harm: flip, said: /checksum/},
	'a shorter file': {harm: disk => truncate(disk, 3), said: /3 bytes instead of/},
	'a missing file': {harm: disk => rm(disk), said: /is missing/},
};
for (const [what, {harm, said}] of Object.entries(damages)) {
	test.serial(`${what} is found, said, and built again`, async t => {
		const {artifact} = await ask('damaged');
		await ask('damaged');
		await harm(path.join(artifact.folder, 'disk'));
		const after = await ask('damaged');
		t.deepEqual([after.artifact.state, after.builds], ['built', 1]);
		t.deepEqual(after.states, ['damaged', 'building', 'built']);
		t.regex((after.reported[0] as ArtifactEvent).detail ?? '', said);
		t.is(await readFile(path.join(after.artifact.folder, 'disk'), 'utf8'), 'disk of damaged');
	});
}

test('a flipped bit that left time and size alone is found after the next boot of the host', async t => {
	const {artifact} = await ask('silent');
	const disk = path.join(artifact.folder, 'disk');
	await ask('silent');
	await writeFile(disk, 'Disk of silent');
	// As if nothing had been noticed: the file looks as it did when it was found whole.
	const seen = seenFile('kernel', artifact.key);
	const {boot} = JSON.parse(await readFile(seen, 'utf8'));
	const {mtimeMs, ctimeMs, size, ino} = await stat(disk);
	const looksIn = (boot: string) => JSON.stringify({boot, files: {disk: `${mtimeMs}/${ctimeMs}/${size}/${ino}`}});
	await writeFile(seen, looksIn(boot));
	t.deepEqual((await ask('silent')).states, ['cached'], 'hashing at every use would be too dear');
	await writeFile(seen, looksIn('another'));
	t.deepEqual((await ask('silent')).states, ['damaged', 'building', 'built']);
});

test('a build that fails leaves nothing, says so, and its error is the cause', async t => {
	const reported: AnyEvent[] = [];
	const request = {
		kind: 'engine',
		label: 'failing',
		recipe: {name: 'failing'},
		build: async () => Promise.reject(new Error('no such package')),
	} as const;
	const error = await t.throwsAsync(
		ensureArtifact(request, event => reported.push(event)),
		{instanceOf: ArtifactError},
	);
	t.like(error, {message: 'engine failing could not be built.', cause: {message: 'no such package'}});
	t.like(reported.at(-1), {event: 'artifact', state: 'failed'});
	t.deepEqual(
		(await readdir(path.join(cache, 'artifacts'))).filter(name => name.startsWith('engine-')),
		[],
	);
});

/** Runs the test program; `lines` fills with what it prints. */
function start(name: string, goOn = '/') {
	const program = path.join(import.meta.dirname, 'fixtures', 'build-slowly.ts');
	const child = spawn(process.execPath, [program, name, goOn], {stdio: ['ignore', 'pipe', 'inherit']});
	const lines: string[] = [];
	child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
	const says = async (word: string) => {
		while (!lines.some(line => line.includes(word)) && child.exitCode === null) {
			await once(child.stdout, 'data');
		}
	};

	return {child, lines, says, ended: once(child, 'close')};
}

test('of two processes one builds; the other waits, says for whom, and finds it in the cache', async t => {
	const goOn = path.join(cache, 'go-on');
	const one = start('shared', goOn);
	await one.says('half done');
	const two = start('shared', goOn);
	await two.says('waiting');
	await writeFile(goOn, '');
	await Promise.all([one.ended, two.ended]);
	t.true(one.lines.at(-1)?.includes('"built"'), one.lines.join('\n'));
	t.true(two.lines.at(-1)?.includes('"cached"'), two.lines.join('\n'));
	t.regex(two.lines[0] ?? '', new RegExp(`process ${one.child.pid} on .* waiting for that`));
});

test('the lock of a builder that was killed is taken over, and what it left is removed', async t => {
	const killed = start('killed', path.join(cache, 'never'));
	await killed.says('half done');
	killed.child.kill('SIGKILL');
	await killed.ended;
	const remains = (await readdir(path.join(cache, 'artifacts'))).filter(name =>
		name.endsWith(`.building-${killed.child.pid}`),
	);
	t.is(remains.length, 1);
	const next = start('killed');
	await next.ended;
	t.true(next.lines.at(-1)?.includes('"built"'), next.lines.join('\n'));
	t.deepEqual(
		(await readdir(path.join(cache, 'artifacts'))).filter(name => remains.includes(name)),
		[],
	);
});

test('a full disk is reported with figures and leaves nothing', async t => {
	const small = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-full-'));
	const mounted = await execa('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small], {reject: false});
	if (mounted.failed) {
		t.log('Not shown here: making a small disk needs root.');
		t.pass();
		return;
	}

	try {
		const program = `
			const {ensureArtifact} = await import(${JSON.stringify(path.join(import.meta.dirname, 'cache.ts'))});
			const {execa} = await import('execa');
			const build = folder => execa('dd', ['if=/dev/zero', 'of=' + folder + '/disk', 'bs=1M', 'count=8']);
			const error = await ensureArtifact({kind: 'engine', label: '20.10.24', recipe: {}, build}, () => {}).catch(error => error);
			console.log(JSON.stringify({name: error.name, message: error.message, remedy: error.remedy}));
		`;
		const {stdout} = await execa(process.execPath, ['--input-type=module', '-e', program], {
			env: {SWARMLAB_CACHE: small},
			cwd: import.meta.dirname,
		});
		const error = JSON.parse(stdout) as {name: string; message: string; remedy: string};
		t.is(error.name, 'ArtifactError');
		t.regex(
			error.message,
			/^The disk is full: engine 20\.10\.24 had written 2 MiB and needs more; [0-2] MiB are free under /,
		);
		t.regex(error.remedy, /SWARMLAB_CACHE/);
		t.deepEqual(await readdir(path.join(small, 'artifacts')), []);
	} finally {
		await execa('umount', [small]);
		await rm(small, {recursive: true});
	}
});

test('what was not used for long is pruned, what is in use stays', async t => {
	const {artifact: old} = await ask('prune-old');
	const {artifact: busy} = await ask('prune-busy');
	const {artifact: fresh} = await ask('prune-fresh');
	await Promise.all([old, busy, fresh].map(({key}) => writeFile(seenFile('kernel', key), '{}')));
	const past = new Date(Date.now() - 90 * 24 * 3600 * 1000);
	await Promise.all([old, busy].map(({key}) => utimes(seenFile('kernel', key), past, past)));
	const removed = await pruneArtifacts(Date.now() - 30 * 24 * 3600 * 1000, new Set([busy.folder]));
	t.deepEqual(
		removed.map(({label}) => label),
		['prune-old'],
	);
	const labels = (await listArtifacts()).map(({label}) => label);
	t.true(labels.includes('prune-busy') && labels.includes('prune-fresh') && !labels.includes('prune-old'));
});

test('an artifact appears whole or not at all: a folder without a manifest is built anew', async t => {
	const {artifact} = await ask('torn');
	await rename(path.join(artifact.folder, 'manifest.json'), path.join(artifact.folder, 'gone'));
	t.deepEqual((await ask('torn')).states, ['building', 'built']);
});
