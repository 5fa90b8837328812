import {randomBytes} from 'node:crypto';
import {mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {UsageError} from '../../errors.ts';
import {sha256File} from '../../store/manifest.ts';
import type {PackageRow} from '../packages/package-index.ts';
import {expandEngine, resolveEngine} from './engine-spec.ts';
import {enginesIn} from './engines.ts';

const row = (suite: string, name: string, version: string, repository?: string): PackageRow => ({
	...{name, version, suite, depends: ''},
	...(repository ? {repository} : {}),
	...{uri: `http://mirror.example/${name}_${version}.deb`, sha256: '0'.repeat(64), size: 1},
});
const suites = ['bullseye', 'bullseye-security', 'bookworm', 'trixie', 'trixie-security', 'forky', 'sid'];
const rows = [
	row('bullseye', 'docker.io', '20.10.5+dfsg1-1+deb11u2'),
	row('bullseye-security', 'docker.io', '20.10.5+dfsg1-1+deb11u4'),
	row('bookworm', 'docker.io', '20.10.24+dfsg1-1+deb12u1+b6'),
	row('bookworm', 'containerd', '1.6.20~ds1-1+deb12u1+b4'),
	row('trixie-security', 'docker.io', '26.1.5+dfsg1-9+deb13u1'),
	row('trixie', 'docker.io', '26.1.5+dfsg1-9+deb13u1'),
	row('sid', 'docker.io', '28.5.2+dfsg4-5'),
	row('forky', 'docker.io', '28.5.2+dfsg4-5'),
	row('bookworm', 'docker-ce', '5:27.5.1-1~debian.12~bookworm', 'extra'),
];
const engines = enginesIn(rows, suites);

test('engines are listed newest first by what the program says, epochs or not, each once', t => {
	t.deepEqual(
		engines.map(
			({label, source}) =>
				`${label} in ${source.suite}${source.type === 'package' && source.repository ? ` from ${source.repository}` : ''}`,
		),
		[
			'28.5.2 in forky',
			'27.5.1 in bookworm from extra',
			'26.1.5 in trixie',
			'20.10.24 in bookworm',
			'20.10.5 in bullseye',
			'20.10.5 in bullseye',
		],
	);
});

const resolved: Record<string, string> = {
	'20.10': '20.10.24+dfsg1-1+deb12u1+b6',
	'20': '20.10.24+dfsg1-1+deb12u1+b6',
	'20.10.5': '20.10.5+dfsg1-1+deb11u4',
	'20.10@bullseye': '20.10.5+dfsg1-1+deb11u4',
	'20.10.5+dfsg1-1+deb11u2': '20.10.5+dfsg1-1+deb11u2',
	bullseye: '20.10.5+dfsg1-1+deb11u4',
	'docker.io=20.10.24+dfsg1-1+deb12u1': '20.10.24+dfsg1-1+deb12u1+b6',
	'docker.io': '28.5.2+dfsg4-5',
	'docker-ce': '5:27.5.1-1~debian.12~bookworm',
	extra: '5:27.5.1-1~debian.12~bookworm',
	'28': '28.5.2+dfsg4-5',
	latest: '28.5.2+dfsg4-5',
	'latest@bookworm': '5:27.5.1-1~debian.12~bookworm',
	'v20.10': '20.10.24+dfsg1-1+deb12u1+b6',
	'"20.10"': '20.10.24+dfsg1-1+deb12u1+b6',
};
for (const [spec, version] of Object.entries(resolved)) {
	test(`the engine spec ${spec} means ${version}`, async t => {
		t.like((await resolveEngine(spec, engines)).source, {package: {version}});
	});
}

const refused: Record<string, RegExp> = {
	'24.0': /Nearest: 20\.10\.24, 26\.1\.5\./,
	'20.11': /Nearest: 20\.10\.24, 26\.1\.5\./,
	'20.10@trixie': /Nearest: 26\.1\.5\./,
	bulseye: /Nearest: bullseye\./,
	newest: /Nearest: latest\./,
	'docker-cee': /Nearest: docker-ce/,
	'20.10@nosuite': /No Docker Engine comes from a suite 'nosuite'/,
	'20.10@bulseye': /suite 'bulseye'\. Nearest: bullseye/,
	jammy: /No Docker Engine comes from a suite 'jammy'/,
	'>=20.10': /Ranges of engines are not understood: '>=20\.10'/,
	'20.10..26.1': /Ranges of engines/,
	'20.10-26.1': /Ranges of engines/,
	'20.1?': /Ranges of engines/,
	'9.*': /Nearest: 20\.10\.5\./,
	'./docker-20.10.24.tgz': /is no version, package or suite/,
	'tarball:': /names no file/,
	'tarball:@bookworm': /names no file/,
	'docker.io=1.13': /Nearest: 20\.10\.5\./,
	'': /No configured suite/,
	'tarball:https://host.example/docker-1.12.6.tgz': /has no checksum/,
	'tarball:https://host.example/docker-1.12.6.tgz#sha256=abc': /not a sha256/,
};
test("docker-ce is not the distribution's: the remedy is the setting for its repository", async t => {
	const own = engines.filter(({source}) => source.type === 'package' && source.package.name !== 'docker-ce');
	const error = await t.throwsAsync(resolveEngine('docker-ce=5:27.5.1', own), {instanceOf: UsageError});
	t.regex((error as UsageError).remedy!, /packages\.repositories/);
});

for (const [spec, message] of Object.entries(refused)) {
	test(`the engine spec '${spec}' is refused: ${message.source}`, async t => {
		await t.throwsAsync(resolveEngine(spec, engines), {instanceOf: UsageError, message});
	});
}

test('a tarball has its version in its name, and goes into the release whose engine is the nearest not older', async t => {
	const sha256 = 'ab'.repeat(32);
	const at = async (spec: string) => resolveEngine(`tarball:https://host.example/${spec}`, engines);
	t.like(await at(`docker-1.12.6.tgz#sha256=${sha256}`), {
		version: '1.12.6',
		source: {type: 'tarball', suite: 'bullseye', sha256},
	});
	t.like(await at(`docker-24.0.7.tgz#sha256=${sha256}`), {version: '24.0.7', source: {suite: 'trixie'}});
	t.like(await at(`docker-30.0.0.tgz#sha256=${sha256}`), {source: {suite: 'forky'}});
	t.like(await at(`docker-1.12.6.tgz#sha256=${sha256}@bookworm`), {source: {suite: 'bookworm'}});
	t.like(await at(`latest.tgz#sha256=${sha256}&version=1.12.6`), {label: '1.12.6'});
	await t.throwsAsync(at(`latest.tgz#sha256=${sha256}`), {
		instanceOf: UsageError,
		message: /does not say which version/,
	});
});

test('what is refused is reported with what to write instead', async t => {
	const remedyOf = async (spec: string) =>
		(await t.throwsAsync<UsageError>(resolveEngine(spec, engines)))?.remedy ?? '';
	t.regex(await remedyOf('20.10@nosuite'), /bullseye, bullseye-security/);
	t.regex(await remedyOf('jammy'), /forky, bookworm, extra, trixie/);
	t.regex(await remedyOf('>=26'), /Write a list: 26\.1,27\.5,28\.5\./);
	t.regex(await remedyOf('<27.5'), /Write a list: 20\.10,26\.1\./);
	t.regex(await remedyOf('./docker-20.10.24.tgz'), /tarball:\.\/docker-20\.10\.24\.tgz/);
});

test('20.* is the newest of each series, and 20.10.* every version', t => {
	t.deepEqual(expandEngine('2.*', engines), ['2.*']);
	t.deepEqual(expandEngine('20.*@bullseye', engines), ['20.10@bullseye']);
	t.deepEqual(expandEngine('20.10.*', engines), ['20.10.24', '20.10.5']);
	t.deepEqual(expandEngine('20.10', engines), ['20.10']);
	t.deepEqual(expandEngine('tarball:./docker-20.10.x', engines), ['tarball:./docker-20.10.x']);
});

test('a suite whose engine is that of another suite has it all the same', async t => {
	const everywhere = enginesIn(rows, suites, {eachSuite: true});
	t.like((await resolveEngine('sid', everywhere)).source, {suite: 'sid', package: {version: '28.5.2+dfsg4-5'}});
	t.like((await resolveEngine('28@sid', everywhere)).source, {suite: 'sid'});
	t.like((await resolveEngine('28', everywhere)).source, {suite: 'forky'});
	const sha256 = 'ab'.repeat(32);
	const tarball = await resolveEngine(`tarball:https://host.example/docker-28.0.0.tgz#sha256=${sha256}`, everywhere);
	t.is(tarball.source.suite, 'forky');
});

test('a file that is no static build is refused when it is named, with what it is', async t => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'swarmlab-tarball-'));
	const file = path.join(folder, 'docker-20.10.24.tgz');
	const refused = async (message: RegExp, spec = `tarball:${file}`) =>
		t.throwsAsync(resolveEngine(spec, engines), {instanceOf: UsageError, message});
	await refused(/is not a file: it is a folder/, `tarball:${folder}`);
	await writeFile(file, '');
	await refused(/not a tar archive.*an empty file \(0 bytes\)/);
	await writeFile(file, '<!DOCTYPE html><title>404</title>');
	await refused(/not a tar archive.*a web page \(33 bytes\)/);
	await execa('tar', ['-c', '-z', '-f', file, '-T', '/dev/null']);
	await refused(/it has no dockerd, docker, containerd, runc/);
	await makeStaticBuild(file);
	await resolveEngine(`tarball:${file}`, engines);
	const whole = await readFile(file);
	await writeFile(file, whole.subarray(0, whole.length - 40));
	await refused(/not a whole one: it is a gzip archive \(\d+ bytes\)/);
});

/** Programs of random bytes: packed, they stay large enough to be cut. */
async function makeStaticBuild(file: string): Promise<void> {
	const folder = `${file}.tree`;
	await mkdir(path.join(folder, 'docker'), {recursive: true});
	for (const name of ['docker', 'dockerd', 'containerd', 'runc']) {
		await writeFile(path.join(folder, 'docker', name), randomBytes(1024));
	}

	await execa('tar', ['-c', '-z', '-f', file, '-C', folder, 'docker']);
}

test('a tarball on this host needs no checksum, but one that is given must be its own', async t => {
	const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'swarmlab-tarball-')), 'docker-20.10.24.tgz');
	await t.throwsAsync(resolveEngine(`tarball:${file}`, engines), {instanceOf: UsageError, message: /is not there/});
	await makeStaticBuild(file);
	const sha256 = await sha256File(file);
	t.like(await resolveEngine(`tarball:${file}`, engines), {version: '20.10.24', source: {location: file, sha256}});
	await t.throwsAsync(resolveEngine(`tarball:${file}#sha256=${'0'.repeat(64)}`, engines), {
		message: new RegExp(sha256),
	});
});
