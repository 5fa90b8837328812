/** An archive of Debian packages on this very disk, signed with a key of its own: what a mirror may serve, good or bad. */
import {createHash} from 'node:crypto';
import {mkdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';

export interface ArchiveSuite {
	suite: string;
	/** When its Release runs out; default: next year. */
	validUntil?: Date;
	packages: TestPackage[];
}

export interface TestPackage {
	name: string;
	version: string;
	depends?: string;
	/** Content by path. */
	files?: Record<string, Buffer | string>;
}

export interface LocalArchive {
	/** `file:` URI. */
	uri: string;
	keyring: string;
	/** Path of a package's file. */
	debOf(name: string, version: string): string;
}

/** Makes the archive in `folder`. Needs gpg and dpkg-deb. */
export async function makeArchive(folder: string, suites: ArchiveSuite[]): Promise<LocalArchive> {
	const home = path.join(folder, 'gnupg');
	await mkdir(home, {recursive: true, mode: 0o700});
	const gpg = async (...args: string[]) =>
		execa('gpg', ['--homedir', home, '--batch', '--yes', '--passphrase', '', ...args]);
	await gpg('--quick-generate-key', 'archive@example', 'ed25519', 'sign', 'never');
	const keyring = path.join(folder, 'keyring.gpg');
	await gpg('--output', keyring, '--export');

	const debOf = (name: string, version: string) =>
		path.join(folder, 'pool', `${name}_${version.replace(/^\d+:/, '')}_amd64.deb`);
	for (const {suite, validUntil, packages} of suites) {
		const stanzas = await Promise.all(
			packages.map(async each => stanzaOf(folder, each, debOf(each.name, each.version))),
		);
		const index = path.join('main', 'binary-amd64', 'Packages');
		const dist = path.join(folder, 'dists', suite);
		const text = `${stanzas.join('\n\n')}\n`;
		await mkdir(path.dirname(path.join(dist, index)), {recursive: true});
		await writeFile(path.join(dist, index), text);
		const release = [
			'Origin: Example',
			`Suite: ${suite}`,
			`Codename: ${suite}`,
			`Date: ${new Date(Date.now() - 48 * 3600e3).toUTCString()}`,
			`Valid-Until: ${(validUntil ?? new Date(Date.now() + 365 * 24 * 3600e3)).toUTCString()}`,
			'Architectures: amd64',
			'Components: main',
			'SHA256:',
			` ${sha256(Buffer.from(text))} ${Buffer.byteLength(text)} ${index}`,
			'',
		].join('\n');
		await writeFile(path.join(dist, 'Release'), release);
		await gpg('--output', path.join(dist, 'InRelease'), '--clearsign', path.join(dist, 'Release'));
	}

	return {uri: `file:${folder}`, keyring, debOf};
}

/** Builds a package; gives its control stanza. Works in folders beside the .deb. */
export async function makeDeb({name, version, depends, files = {}}: TestPackage, deb: string): Promise<string> {
	const tree = `${deb}.tree`;
	const control = [
		`Package: ${name}`,
		`Version: ${version}`,
		'Architecture: amd64',
		'Maintainer: Nobody <nobody@example>',
		...(depends ? [`Depends: ${depends}`] : []),
		'Description: made by a test',
	].join('\n');
	for (const [file, content] of Object.entries({...files, 'DEBIAN/control': `${control}\n`})) {
		await mkdir(path.dirname(path.join(tree, file)), {recursive: true});
		await writeFile(path.join(tree, file), content);
	}

	await execa('dpkg-deb', ['--root-owner-group', '--build', tree, deb]);
	return control;
}

async function stanzaOf(folder: string, wanted: TestPackage, deb: string): Promise<string> {
	await mkdir(path.dirname(deb), {recursive: true});
	const control = await makeDeb(wanted, deb);
	const {size} = await stat(deb);
	return `${control}\nFilename: ${path.relative(folder, deb)}\nSize: ${size}\nSHA256: ${sha256(await readFile(deb))}`;
}

function sha256(data: Buffer): string {
	return createHash('sha256').update(data).digest('hex');
}
