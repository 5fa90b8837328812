import {mkdir, mkdtemp, open, readdir, rm, utimes, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {UsageError} from '../errors.ts';
import {packageRoot} from '../package.ts';
import {ago, inBytes} from './amounts.ts';
import {checkImagesFlags, type ImagesFlags, limitOf} from './images-flags.ts';

const place = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-images-'));
test.after.always(() => rm(place, {recursive: true, force: true}));

const day = 24 * 3600 * 1000;

/** An artifact of 3 MiB, built and last used so many days ago. */
async function put(kind: string, label: string, days: number): Promise<string> {
	const folder = path.join(place, 'artifacts', `${kind}-${label}`);
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'disk'), Buffer.alloc(3 * 2 ** 20, 1));
	const builtAt = new Date(Date.now() - days * day).toISOString();
	await writeFile(path.join(folder, 'manifest.json'), JSON.stringify({kind, label, key: label, builtAt, files: {}}));
	return folder;
}

const images = async (...words: string[]) => program('images', ...words);

async function program(...words: string[]) {
	return execa(process.execPath, [path.join(packageRoot, 'harness/cli.ts'), ...words], {
		reject: false,
		stdin: 'ignore',
		env: {SWARMLAB_CACHE: place, SWARMLAB_STATE: path.join(place, 'state'), NO_COLOR: '1', FORCE_COLOR: undefined},
	});
}

test.serial('an empty cache is no error', async t => {
	t.like(await images(), {exitCode: 0, stdout: 'KIND   SIZE   BUILT  LAST USED  LABEL\ntotal  0 MiB'});
	t.like(await images('prune'), {exitCode: 0, stdout: 'removed 0 of 0, 0 MiB; 0 MiB stay'});
});

test.serial(
	'what was saved as a stage is listed as a fixture snapshot, and found by the old kind with a warning',
	async t => {
		const folder = await put('stage', 'webs', 1);
		const {stdout, stderr} = await images('list', '--kind', 'stage', '--json');
		t.like(JSON.parse(stdout), {0: {kind: 'fixture', label: 'webs'}, length: 1});
		t.regex(stderr, /^warning: --kind stage is called --kind fixture now/m);
		await rm(folder, {recursive: true});
	},
);

test.serial('what is kept is listed with its size and age, and removed when nobody uses it', async t => {
	await put('kernel', '6.1.180', 40);
	const busy = await put('template', 'busy', 50);
	await put('template', 'fresh', 3);
	const disk = await open(path.join(busy, 'disk'));
	try {
		const {stdout} = await images();
		t.regex(stdout, /^KIND +SIZE +BUILT +LAST USED +LABEL\n/);
		t.regex(stdout, /^kernel +[34] MiB +40 days ago +40 days ago +6\.1\.180$/m);
		t.regex(stdout, /^template +[34] MiB +50 days ago +in use +busy$/m);
		t.regex(stdout, /^total +(9|1\d) MiB$/m);

		const listed = JSON.parse((await images('list', '--kind', 'template', '--json')).stdout);
		t.like(listed, {0: {label: 'fresh', inUse: false}, 1: {label: 'busy', inUse: true, folder: busy}, length: 2});

		const plan = await images('prune', '--dry-run');
		t.regex(
			plan.stdout,
			/^kernel +[34] MiB +used 40 days ago +6\.1\.180\nwould remove 1 of 3, [34] MiB; .* would stay$/,
		);
		t.regex(plan.stderr, /in use, so it stays: template busy$/);
		t.is((await readdir(path.join(place, 'artifacts'))).length, 3);

		t.regex((await images('prune')).stdout, /^kernel .*\nremoved 1 of 3, [34] MiB; [678] MiB stay$/);
		t.regex((await images('prune', '--all', '--kind', 'kernel,template')).stdout, /fresh\nremoved 1 of 2/);
	} finally {
		await disk.close();
	}

	t.regex((await images('prune', '--max-size', '0')).stdout, /busy\nremoved 1 of 1, [34] MiB; 0 MiB stay$/);
	t.deepEqual(await readdir(path.join(place, 'artifacts')), []);
});

test.serial('what a run under way has chosen stays, though it has not opened it yet', async t => {
	await put('engine', 'chosen', 1);
	await put('engine', 'other', 3);
	const leases = path.join(place, 'state', 'leases');
	await mkdir(leases, {recursive: true});
	const {identify} = await import('../processes/processes.ts');
	const createdAt = new Date(Date.now() - 2 * day).toISOString();
	const lease = {id: 'under-way', owner: identify(process.pid), createdAt, kept: false, folders: [], cells: []};
	await writeFile(path.join(leases, 'under-way.json'), JSON.stringify(lease));
	const {stdout, stderr} = await images('prune', '--all');
	t.regex(stdout, /other\nremoved 1 of 2/);
	t.regex(stderr, /in use, so it stays: engine chosen/);
});

for (const [index, text] of ['', '{', '[]', '{}', 'null', '{"kind": "kernel", "files": 7}', undefined].entries()) {
	test.serial(`what nobody can use any more is listed, counted and removed: a manifest of ${text}`, async t => {
		const folder = await put('cloud', `torn${index}`, 1);
		await (text === undefined
			? rm(path.join(folder, 'manifest.json'))
			: writeFile(path.join(folder, 'manifest.json'), text));
		const {stdout} = await images('list', '--kind', 'cloud');
		t.regex(stdout, /^cloud +[34] MiB +\d+ minutes? ago +never +damaged: cloud-torn\d$/m);
		t.regex(stdout, /^total +[34] MiB$/m);
		t.regex((await images('prune', '--kind', 'cloud')).stdout, /damaged: cloud-torn\d\nremoved 1 of 1, [34] MiB/);
		t.false((await readdir(path.join(place, 'artifacts'))).some(name => name.startsWith('cloud')));
	});
}

test.serial('lists of packages are listed, and go when they were not used', async t => {
	for (const [key, days] of [
		['old', 40],
		['new', 3],
	] as const) {
		const folder = path.join(place, 'apt', key);
		await mkdir(path.join(folder, 'etc/sources.list.d'), {recursive: true});
		await writeFile(path.join(folder, 'etc/sources.list.d/swarmlab.sources'), `Types: deb\nSuites: ${key} extra\n`);
		await writeFile(path.join(folder, 'index.json'), Buffer.alloc(3 * 2 ** 20, 1));
		await writeFile(path.join(folder, 'apt.conf'), '');
		const then = new Date(Date.now() - days * day);
		await utimes(path.join(folder, 'apt.conf'), then, then);
	}

	const {stdout} = await images('list', '--kind', 'lists');
	t.regex(
		stdout,
		/^lists +[34] MiB +\d+ minutes? ago +3 days ago +new, extra\nlists +[34] MiB +\d+ minutes? ago +40 days ago +old, extra\ntotal +[678] MiB$/m,
	);
	t.regex((await images('prune', '--kind', 'lists', '--dry-run')).stdout, /old, extra\nwould remove 1 of 2/);
	t.regex((await images('prune', '--kind', 'lists')).stdout, /old, extra\nremoved 1 of 2/);
	t.deepEqual(await readdir(path.join(place, 'apt')), ['new']);
	await images('prune', '--kind', 'lists', '--all');
	t.deepEqual(await readdir(path.join(place, 'apt')), []);
});

test.serial('gc shows beforehand exactly what it then removes', async t => {
	// One beyond the largest that Linux gives (PID_MAX_LIMIT): that of an ended process may be another's by now.
	const dead = 2 ** 22 + 1;
	const torn = path.join(place, 'artifacts', `kernel-x.building-${dead}`);
	const ofRun = path.join(place, 'of-a-run');
	const leases = path.join(place, 'state', 'leases');
	await Promise.all([torn, ofRun, leases].map(async folder => mkdir(folder, {recursive: true})));
	const lease = {
		id: 'dead-run',
		owner: {pid: dead, startedAt: '1'},
		createdAt: new Date().toISOString(),
		kept: false,
		folders: [ofRun, path.join(place, 'never-made')],
		cells: [],
	};
	await writeFile(path.join(leases, 'dead-run.json'), JSON.stringify(lease));
	const gc = async (...words: string[]) => {
		const {stdout, exitCode} = await program('gc', '--json', ...words);
		t.is(exitCode, 0);
		return JSON.parse(stdout) as object[];
	};

	const shown = await gc('--dry-run');
	t.deepEqual(shown, await gc('--dry-run'));
	t.deepEqual(await gc(), shown);
	t.like(shown, [
		{lease: 'dead-run', folders: [ofRun]},
		{lease: 'unfinished artifacts', folders: [torn]},
	]);
	t.is(shown.length, 2);
	t.deepEqual(await gc('--dry-run'), []);
});

const wrong: [action: string, flags: ImagesFlags, message: string][] = [
	['list', {kind: ['kernl']}, "--kind: there is no 'kernl'"],
	['list', {olderThan: '3'}, '--older-than is an option of `images prune`'],
	['list', {all: true}, '--all is an option of `images prune`'],
	['prune', {json: true}, '--json is an option of `images list`'],
	['prune', {olderThan: 'x'}, "--older-than: 'x' is not valid: a number of days, 0 or more"],
	['prune', {maxSize: '-1'}, "--max-size: '-1' is not valid: a number of GiB, 0 or more"],
];

for (const [action, flags, message] of wrong) {
	test(`wrong usage: ${message}`, t => {
		const check = () => [checkImagesFlags(action, flags), limitOf(flags)];
		t.throws(check, {instanceOf: UsageError, message});
	});
}

const limits: [flags: ImagesFlags, limit: ReturnType<typeof limitOf>][] = [
	[{}, {days: 30}],
	[{olderThan: '7'}, {days: 7}],
	[{maxSize: '0.5'}, {bytes: 2 ** 29}],
	[
		{maxSize: '1', olderThan: '0'},
		{bytes: 2 ** 30, days: 0},
	],
	[{all: true}, {days: 0}],
];

for (const [flags, limit] of limits) {
	test(`${JSON.stringify(flags)} leaves what is within ${JSON.stringify(limit)}`, t => {
		t.deepEqual(limitOf(flags), limit);
	});
}

test('sizes and times read well', t => {
	t.deepEqual([0, 1, 2 ** 20, 2 ** 30, 1.55 * 2 ** 30].map(inBytes), ['0 MiB', '1 MiB', '1 MiB', '1.0 GiB', '1.6 GiB']);
	const minutes = [-1, 0, 1, 59.9, 60, 47.9 * 60, 48 * 60];
	t.is(
		minutes.map(each => ago(0, each * 60_000)).join(', '),
		'0 minutes ago, 0 minutes ago, 1 minute ago, 59 minutes ago, 1 hour ago, 47 hours ago, 2 days ago',
	);
});
