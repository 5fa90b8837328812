/** What changed between two versions of a Debian package, by its own changelog (deb-changelog(5)). */
import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import * as paths from '../../paths.ts';
import type {PackageRow} from './package-index.ts';
import type {Packages} from './packages.ts';
import {compareVersions} from './versions.ts';

/** An entry of a changelog. */
export interface ChangelogEntry {
	version: string;
	/** Its lines, without the author's. */
	changes: string[];
}

/** Returns the entries of a changelog, in its order: the newest first. Pure. */
export function parseChangelog(text: string): ChangelogEntry[] {
	const entries: ChangelogEntry[] = [];
	for (const line of text.split('\n')) {
		const [, name, version] = /^(\S+) \(([^)]+)\) .*;/.exec(line) ?? [];
		if (version) {
			// Of a signed kernel, `6.12.90+1` is what was built of `6.12.90-1`.
			entries.push({version: name!.startsWith('linux-signed-') ? version.replace('+', '-') : version, changes: []});
		} else if (line.trim() !== '' && !line.startsWith(' -- ')) {
			entries.at(-1)?.changes.push(line.trimEnd());
		}
	}

	return entries;
}

/** Returns the entries after `older`, up to `newer`. Pure. */
export function entriesBetween(entries: readonly ChangelogEntry[], older: string, newer: string): ChangelogEntry[] {
	return entries.filter(({version}) => compareVersions(version, older) > 0 && compareVersions(version, newer) <= 0);
}

/** Fetches the package and reads its changelog. Returns undefined if it has none, or cannot be fetched. */
export async function readChangelog(
	packages: Pick<Packages, 'rows' | 'download'>,
	{name, version}: Pick<PackageRow, 'name' | 'version'>,
): Promise<ChangelogEntry[] | undefined> {
	const row = (await packages.rows()).find(each => each.name === name && each.version === version);
	if (!row) {
		return undefined;
	}

	const folder = await mkdtemp(path.join(paths.cache, 'changelog-'));
	try {
		const deb = path.join(folder, 'package.deb');
		await packages.download(row, deb);
		const doc = `usr/share/doc/${name}`;
		await execa('dpkg-deb', ['--fsys-tarfile', deb], {buffer: {stdout: false}}).pipe('tar', [
			...['-x', '-C', folder, '--wildcards', `./${doc}/changelog*.gz`],
		]);
		// Packages that are made from no upstream release, such as kernels, have the second one. That of a binary rebuild alone,
		// `changelog.Debian.amd64.gz`, has one entry.
		const file = ['changelog.Debian.gz', 'changelog.gz']
			.map(each => path.join(folder, doc, each))
			.find(each => existsSync(each));
		const {stdout} = await execa('gzip', ['-dc', file ?? '']);
		return parseChangelog(stdout);
	} catch {
		return undefined;
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}
