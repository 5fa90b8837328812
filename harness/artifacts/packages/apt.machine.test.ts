/** Real apt on archives that lie on this disk: no network, no mock. */
import {once} from 'node:events';
import {createReadStream} from 'node:fs';
import {appendFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {ArtifactError, HostError, UsageError} from '../../errors.ts';
import {makeArchive} from './fixtures/local-archive.ts';
import type {PackageSettings} from './settings.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-apt-'));
process.env.SWARMLAB_CACHE = path.join(folder, 'cache');
const {download, indexFile, prepareAptRoot, sourcesText} = await import('./apt.ts');
const {packageIndex} = await import('./package-index.ts');
const {openPackages} = await import('./packages.ts');
const {listEngines} = await import('../engines/engines.ts');

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
	(await listEngines(openPackages(of))).map(
		({label, source}) => `${label} ${source.type === 'package' ? source.package.suite : ''}`,
	);

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
	const [engine] = await listEngines(openPackages(withExtra));
	t.like(engine, {version: '27.5.1', source: {suite: 'bookworm', repository: 'extra'}});
	const wrongKey = {...withExtra, repositories: [{...extra, key: archive.keyring}]};
	t.deepEqual(await offers(wrongKey), ['20.10.24 bookworm']);
	t.regex((await packageIndex(wrongKey)).notices[0]?.message ?? '', /NO_PUBKEY|not signed|couldn't be verified/);
});

test('a suite that no distribution has is refused with those near to it, others or not', async t => {
	for (const suites of [['bookwrm'], ['bookworm', 'bookwrm']]) {
		const error = await t.throwsAsync<UsageError>(packageIndex({...settings, suites}), {
			instanceOf: UsageError,
			message: /^There is no suite 'bookwrm' on file:.*\. Nearest: bookworm\.$/,
		});
		t.regex(error?.remedy ?? '', /bullseye, .*sid/);
	}

	await t.throwsAsync(packageIndex({...settings, suites: ['trixie']}), {
		instanceOf: UsageError,
		message: /^There is no suite 'trixie' on file:/,
	});
});

test('suites that are all expired are reported with the way to use them', async t => {
	const error = await t.throwsAsync<HostError>(packageIndex({...settings, suites: ['sid']}), {
		instanceOf: HostError,
		message: /can be used: .*expired/,
	});
	t.regex(error?.remedy ?? '', /--allow-expired/);
});

/** A mirror at this URI, for everything. */
const only = (uri: string) => ({...settings, mirror: uri, securityMirror: uri});

async function listen(server: net.Server): Promise<string> {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

/** A port where nothing listens any more. */
async function deadPort(): Promise<string> {
	const server = net.createServer();
	const uri = await listen(server);
	server.close();
	await once(server, 'close');
	return uri;
}

test('a mirror that takes the connection and never answers is given up, once for all suites', async t => {
	let asked = 0;
	const server = net.createServer(socket => {
		asked++;
		socket.on('error', () => {});
	});
	const uri = await listen(server);
	t.teardown(() => server.close());
	const reported: string[] = [];
	await t.throwsAsync(
		packageIndex(only(uri), event => reported.push('message' in event ? event.message : '')),
		{instanceOf: HostError, message: new RegExp(`^The mirror ${uri} cannot be reached: `)},
	);
	t.deepEqual(reported, [`reading the lists of packages from ${new URL(uri).host} (once a day)`]);
	// apt itself connects twice before it gives up; three suites would be six.
	t.true(asked <= 2, `${asked} connections`);
});

test('a mirror that is not there is reported by its name', async t => {
	const dead = await deadPort();
	const gone: [uri: string, reason: RegExp][] = [
		[`${dead}/debian`, /Connection refused/],
		[dead.replace('//', '//user:secret@'), /Connection refused/],
		['http://no-such-host.invalid/debian', /no-such-host\.invalid/],
		[`file:${folder}/nowhere`, /there is no folder .*nowhere\/dists/],
		[`file://${folder}/nowhere`, /there is no folder .*nowhere\/dists/],
	];
	for (const [uri, reason] of gone) {
		const error = await t.throwsAsync<HostError>(packageIndex(only(uri)), {instanceOf: HostError, message: reason});
		const name = uri.replace('user:secret@', '');
		t.true(error?.message.startsWith(`The mirror ${name} cannot be reached: `), error?.message);
		t.regex(error?.remedy ?? '', /--mirror/);
	}
});

test('a server that answers but is no mirror lacks the suites', async t => {
	const server = http.createServer((_, response) => response.writeHead(404).end());
	const uri = await listen(server);
	t.teardown(() => server.close());
	await t.throwsAsync(packageIndex(only(uri)), {
		instanceOf: UsageError,
		message: /There is no suite 'bookworm', .* on http/,
	});
});

test('a security mirror that does not answer is reported in one sentence, and the rest is used', async t => {
	const securityMirror = await deadPort();
	const {notices, rows} = await packageIndex({
		...settings,
		securityMirror,
		suites: ['bookworm', 'bookworm-security', 'trixie-security'],
	});
	t.true(rows.length > 0);
	t.deepEqual(
		[...new Set(notices.map(({message}) => message))].map(message => message.replace(/ \(.*\)/, '')),
		[`The mirror ${securityMirror} cannot be reached: bookworm-security and trixie-security are left out.`],
	);
});

test('lists of before are used when the mirror does not answer any more, and that is said', async t => {
	const server = http.createServer((request, response) => {
		createReadStream(path.join(folder, 'archive', decodeURIComponent(request.url!)))
			.on('error', () => response.writeHead(404).end())
			.pipe(response);
	});
	const own = {...only(await listen(server)), suites: ['bookworm']};
	const before = await packageIndex(own);
	t.deepEqual(before.notices, []);
	server.closeAllConnections();
	server.close();
	await once(server, 'close');
	const after = await packageIndex(own, () => {}, {refresh: true});
	t.deepEqual(after.rows, before.rows);
	t.like(after.notices, [{suite: 'bookworm', state: 'stale'}]);
	t.regex(after.notices[0]?.message ?? '', /cannot be reached \(.*\): the lists of before are used for bookworm\./);
});

test('expired suites are reported once, with whose setting it is', async t => {
	const expired = await makeArchive(path.join(folder, 'expired'), [
		{suite: 'forky', packages: [{name: 'docker.io', version: '28.5.2'}], validUntil: lastYear},
		{suite: 'sid', packages: [{name: 'docker.io', version: '29.1.0'}], validUntil: lastYear},
	]);
	const own = {...only(expired.uri), keyring: expired.keyring, suites: ['forky', 'sid'], allowExpired: true};
	const reported = async (of: PackageSettings) => {
		const messages: string[] = [];
		await listEngines(
			openPackages(of),
			event => event.event === 'notice' && event.level === 'warning' && messages.push(event.message),
		);
		return messages;
	};
	const date = lastYear.toISOString().slice(0, 10);
	const sentence = `Suites forky and sid are used although their Release expired on ${date}`;
	t.deepEqual(await reported(own), [`${sentence} (packages.allowExpired, --allow-expired).`]);
	t.deepEqual(await reported({...own, expiredAllowedBy: 'so says the host'}), [`${sentence} (so says the host).`]);
});

test("a full disk is the host's trouble, reported with how much is needed", async t => {
	const place = path.join(folder, 'small');
	await mkdir(place);
	const program = `
		const {packageIndex} = await import(${JSON.stringify(path.join(import.meta.dirname, 'package-index.ts'))});
		await packageIndex(${JSON.stringify({...settings, suites: ['bookworm']})}).catch(error =>
			console.log(error.name + ': ' + error.message));`;
	const inSmall = async (size: string) =>
		execa(
			'unshare',
			[
				'-rm',
				'sh',
				'-c',
				'mount -t tmpfs -o size="$0" none "$1" && exec "$2" --input-type=module -e "$3"',
				size,
				place,
			].concat([process.execPath, program]),
			{reject: false, env: {SWARMLAB_CACHE: place}},
		);
	const {stdout, stderr} = await inSmall('16k');
	if (/unshare|mount:/.test(stderr)) {
		t.log(`no tmpfs can be mounted here: ${stderr}`);
		t.pass();
		return;
	}

	t.regex(
		stdout,
		/^HostError: The disk is full: lists of packages of 1 suites? need about 80 MiB under .*small, and 0 MiB are free\.$/,
		stderr,
	);
});

test('a cache that cannot be written is reported by its name', async t => {
	const file = path.join(folder, 'no-folder');
	await writeFile(file, '');
	const program = `
		const {packageIndex} = await import(${JSON.stringify(path.join(import.meta.dirname, 'package-index.ts'))});
		await packageIndex(${JSON.stringify(settings)}).catch(error => console.log(error.name + ': ' + error.message));`;
	const {stdout} = await execa(process.execPath, ['--input-type=module', '-e', program], {env: {SWARMLAB_CACHE: file}});
	t.is(stdout, `HostError: The cache folder ${file} cannot be written.`);
});

test('a host without apt is reported', async t => {
	const program = `
		const {packageIndex} = await import(${JSON.stringify(path.join(import.meta.dirname, 'package-index.ts'))});
		await packageIndex(${JSON.stringify(settings)}).catch(error => console.log(error.name + ': ' + error.message + ' ' + error.remedy));`;
	const {stdout} = await execa(process.execPath, ['--input-type=module', '-e', program], {
		env: {SWARMLAB_CACHE: path.join(folder, 'other-cache'), PATH: folder},
	});
	t.is(stdout, 'HostError: apt-config is not on this host, or not in a folder of its PATH. swarmlab doctor --fix');
});

test('a missing keyring is reported with the package that brings it', async t => {
	const error = await t.throwsAsync<HostError>(packageIndex({...settings, keyring: '/nowhere.gpg'}), {
		instanceOf: HostError,
	});
	t.is(error?.remedy, 'apt-get install debian-archive-keyring');
});

test('the lists are fetched once, and anew when asked', async t => {
	// Settings that no other test here has: tests run side by side, and the same settings share their lists.
	const own = {...settings, suites: ['bookworm'], allowExpired: true};
	const reported: string[] = [];
	const look = async (refresh: boolean) =>
		packageIndex(own, event => reported.push('message' in event ? event.message : ''), {refresh});
	await look(false);
	await look(false);
	t.is(reported.length, 1);
	await look(true);
	t.is(reported.length, 2);
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

test('packages that are opened offer what there is, by row, by name and as a file', async t => {
	const packages = openPackages({...settings, suites: ['bookworm'], repositories: []});
	const [row, ...others] = await packages.rows();
	t.deepEqual(others, []);
	t.like(row, {name: 'docker.io', version: '20.10.24+dfsg1-1', suite: 'bookworm'});
	t.deepEqual(await packages.offered(['hello', 'docker.io', 'nothing']), [
		{name: 'hello', version: '1', suite: 'bookworm'},
		{name: 'docker.io', version: '20.10.24+dfsg1-1', suite: 'bookworm'},
	]);
	t.deepEqual(await packages.fetchedSuites(), new Set(['bookworm']));
	const target = path.join(folder, 'by-packages.deb');
	await packages.download(row!, target);
	t.is((await readFile(target)).length, row!.size);
});
