import {mkdtemp, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {ArtifactError, UsageError} from '../errors.ts';
import {resolveEngine} from './engine-spec.ts';
import {enginesIn} from './engines.ts';
import type {PackageRow} from './package-index.ts';

const row = (suite: string, name: string, version: string, repository?: string): PackageRow => ({
	...{name, version, suite, depends: ''},
	...(repository ? {repository} : {}),
	...{uri: `http://mirror.example/${name}_${version}.deb`, sha256: '0'.repeat(64), size: 1},
});
const suites = ['bullseye', 'bullseye-security', 'bookworm', 'trixie', 'trixie-security', 'forky', 'sid'];
const engines = enginesIn(
	[
		row('bullseye', 'docker.io', '20.10.5+dfsg1-1+deb11u2'),
		row('bullseye-security', 'docker.io', '20.10.5+dfsg1-1+deb11u4'),
		row('bookworm', 'docker.io', '20.10.24+dfsg1-1+deb12u1+b6'),
		row('bookworm', 'containerd', '1.6.20~ds1-1+deb12u1+b4'),
		row('trixie-security', 'docker.io', '26.1.5+dfsg1-9+deb13u1'),
		row('trixie', 'docker.io', '26.1.5+dfsg1-9+deb13u1'),
		row('sid', 'docker.io', '28.5.2+dfsg4-5'),
		row('forky', 'docker.io', '28.5.2+dfsg4-5'),
		row('bookworm', 'docker-ce', '5:27.5.1-1~debian.12~bookworm', 'extra'),
	],
	suites,
);

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
	'docker.io=1.13': /Nearest: 20\.10\.5\./,
	'': /No configured suite/,
	'tarball:https://host.example/docker-1.12.6.tgz': /has no checksum/,
	'tarball:https://host.example/docker-1.12.6.tgz#sha256=abc': /not a sha256/,
};
for (const [spec, message] of Object.entries(refused)) {
	test(`the engine spec '${spec}' is refused: ${message.source}`, async t => {
		await t.throwsAsync(resolveEngine(spec, engines), {instanceOf: UsageError, message});
	});
}

test('a tarball tells its version by its name, and goes into the release whose engine is the nearest not older', async t => {
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

test('a tarball on this host needs no checksum, but one that is given must be its own', async t => {
	const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'swarmlab-tarball-')), 'docker-20.10.24.tgz');
	await t.throwsAsync(resolveEngine(`tarball:${file}`, engines), {instanceOf: ArtifactError, message: /is not there/});
	await writeFile(file, 'x');
	const sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
	t.like(await resolveEngine(`tarball:${file}`, engines), {version: '20.10.24', source: {location: file, sha256}});
	await t.throwsAsync(resolveEngine(`tarball:${file}#sha256=${'0'.repeat(64)}`, engines), {
		message: new RegExp(sha256),
	});
});
