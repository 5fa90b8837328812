/** Real apt on archives that lie on this disk: no network, no mock. */
import {appendFile, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {ArtifactError, HostError} from '../errors.ts';
import type {PackageSettings} from './settings.ts';
import {makeArchive} from './test-programs/local-archive.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-apt-'));
process.env.SWARMLAB_CACHE = path.join(folder, 'cache');
const {download, indexFile, prepareAptRoot, sourcesText} = await import('./apt.ts');
const {packageIndex} = await import('./package-index.ts');
const {listEngines} = await import('./engines.ts');

const lastYear = new Date(Date.now() - 365 * 24 * 3600e3);
const archive = await makeArchive(path.join(folder, 'archive'), [
	{
		suite: 'bookworm',
		packages: [
			{name: 'docker.io', version: '20.10.24+dfsg1-1'},
			{name: 'hello', version: '1'},
		],
	},
	{suite: 'sid', packages: [{name: 'docker.io', version: '28.5.2+dfsg4-5'}], validUntil: lastYear},
]);
const other = await makeArchive(path.join(folder, 'other'), [
	{suite: 'bookworm', packages: [{name: 'docker-ce', version: '5:27.5.1-1~debian.12~bookworm'}]},
]);

test.after.always(() => rm(folder, {recursive: true, force: true}));

const settings: PackageSettings = {
	distribution: 'debian',
	mirror: archive.uri,
	securityMirror: archive.uri,
	suites: ['bookworm', 'bookworm-security', 'sid'],
	components: ['main'],
	keyring: archive.keyring,
	allowExpired: false,
	repositories: [],
};

const offers = async (of: PackageSettings) =>
	(await listEngines(of)).map(({label, source}) => `${label} ${source.type === 'package' ? source.package.suite : ''}`);

test('sources are written with the keyring that must have signed them; security comes from its own mirror', t => {
	const repository = {
		name: 'extra',
		uri: 'https://extra.example/apt',
		suite: 'bookworm',
		components: ['stable'],
		key: '/etc/extra.asc',
	};
	t.is(
		sourcesText({
			...settings,
			mirror: 'http://m.example/debian',
			securityMirror: 'http://s.example',
			keyring: '/k.gpg',
			repositories: [repository],
		}),
		`Types: deb
URIs: http://m.example/debian
Suites: bookworm sid
Components: main
Architectures: amd64
Signed-By: /k.gpg

Types: deb
URIs: http://s.example
Suites: bookworm-security
Components: main
Architectures: amd64
Signed-By: /k.gpg

Types: deb
URIs: https://extra.example/apt
Suites: bookworm
Components: stable
Architectures: amd64
Signed-By: /etc/extra.asc`,
	);
});

test('a suite that is expired or missing is left out with the reason and the way out; the others are used', async t => {
	const {notices} = await packageIndex(settings);
	t.deepEqual(await offers(settings), ['20.10.24 bookworm']);
	t.deepEqual(
		notices.map(({suite, state}) => `${suite} ${state}`),
		['bookworm-security left-out', 'sid left-out'],
	);
	t.regex(notices[0]?.message ?? '', /bookworm-security is left out: E: .*does not have a Release file/);
	t.regex(
		notices[1]?.message ?? '',
		/sid is left out: the mirror serves an expired Release .* Set packages\.allowExpired/,
	);
});

test('an expired suite is used where that is allowed, and it is said', async t => {
	const allowing = {...settings, allowExpired: true};
	t.deepEqual(await offers(allowing), ['28.5.2 sid', '20.10.24 bookworm']);
	const {notices} = await packageIndex(allowing);
	t.regex(
		notices.find(({suite}) => suite === 'sid')?.message ?? '',
		new RegExp(`is used although its Release expired on ${lastYear.toISOString().slice(0, 10)}`),
	);
});

test('an extra repository brings its engines, verified by its own key', async t => {
	const extra = {name: 'extra', uri: other.uri, suite: 'bookworm', components: ['main'], key: other.keyring};
	const withExtra = {...settings, suites: ['bookworm'], repositories: [extra]};
	const [engine] = await listEngines(withExtra);
	t.like(engine, {version: '27.5.1', source: {suite: 'bookworm', repository: 'extra'}});
	const wrongKey = {...withExtra, repositories: [{...extra, key: archive.keyring}]};
	t.deepEqual(await offers(wrongKey), ['20.10.24 bookworm']);
	t.regex((await packageIndex(wrongKey)).notices[0]?.message ?? '', /NO_PUBKEY|not signed|couldn't be verified/);
});

test('with no usable suite at all the error says what apt said', async t => {
	const nowhere = {...settings, mirror: `file:${folder}/nowhere`, securityMirror: `file:${folder}/nowhere`};
	const error = await t.throwsAsync<ArtifactError>(packageIndex(nowhere), {
		instanceOf: ArtifactError,
		message: /No suite of .*nowhere can be used: E: /,
	});
	t.regex(error?.remedy ?? '', /packages\.mirror/);
});

test('a missing keyring is told with the package that brings it', async t => {
	const error = await t.throwsAsync<HostError>(packageIndex({...settings, keyring: '/nowhere.gpg'}), {
		instanceOf: HostError,
	});
	t.is(error?.remedy, 'apt-get install debian-archive-keyring');
});

test('the lists are fetched once, and anew when asked', async t => {
	// Settings that no other test here has: tests run side by side, and the same settings share their lists.
	const own = {...settings, suites: ['bookworm'], allowExpired: true};
	const told: string[] = [];
	const look = async (refresh: boolean) =>
		packageIndex(own, event => told.push('message' in event ? event.message : ''), {refresh});
	await look(false);
	await look(false);
	t.is(told.length, 1);
	await look(true);
	t.is(told.length, 2);
});

test('a package is downloaded with its checksum verified; another file is not kept, and the lists are fetched anew next time', async t => {
	const own = {...settings, suites: ['bookworm'], components: ['main']};
	const {rows} = await packageIndex(own);
	const row = rows.find(({name}) => name === 'docker.io')!;
	const root = await prepareAptRoot(own);
	const target = path.join(folder, 'got.deb');
	await download(root, row.uri, row.sha256, target);
	t.deepEqual(await readFile(target), await readFile(archive.debOf('docker.io', row.version)));

	const elsewhere = path.join(folder, 'tampered.deb');
	await writeFile(elsewhere, await readFile(target));
	await appendFile(elsewhere, 'x');
	const second = path.join(folder, 'second.deb');
	await t.throwsAsync(download(root, `file:${elsewhere}`, row.sha256, second), {
		instanceOf: ArtifactError,
		message: /Hash Sum mismatch/,
	});
	await t.throwsAsync(readFile(second), {code: 'ENOENT'});
	await t.throwsAsync(readFile(indexFile(root)), {code: 'ENOENT'});
});
