/** A statically linked busybox from the distribution: the only program of an initrd. */
import {access, mkdir} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError} from '../../errors.ts';
import {unpackDeb} from '../packages/deb.ts';
import type {PackageRow} from '../packages/package-index.ts';
import type {Packages} from '../packages/packages.ts';
import {compareVersions} from '../packages/versions.ts';

/** Returns the newest busybox-static of the configured suites. Any version works with any kernel. */
export async function planBusybox(packages: Packages): Promise<PackageRow> {
	// Suites in development come last, because their busybox changes every other week and each change makes a new artifact.
	const stable = (row: PackageRow) => (['forky', 'sid', 'testing', 'unstable'].includes(row.suite) ? 0 : 1);
	const [row] = (await packages.rows())
		.filter(each => each.name === 'busybox-static')
		.sort((a, b) => stable(b) - stable(a) || compareVersions(b.version, a.version));
	if (!row) {
		throw new ArtifactError(
			`No suite of ${packages.suites.join(', ')} has the package busybox-static, which the initrd is made of.`,
			{
				remedy: 'Add a suite that has it to packages.suites (on Ubuntu also the component universe).',
			},
		);
	}

	return row;
}

/** Unpacks the program under `scratch` and returns its path. */
export async function unpackBusybox(row: PackageRow, packages: Packages, scratch: string): Promise<string> {
	const folder = path.join(scratch, 'busybox');
	await mkdir(folder, {recursive: true});
	const deb = path.join(scratch, 'busybox.deb');
	await packages.download(row, deb);
	await unpackDeb(deb, folder);
	// In suites without a merged /usr it is in /bin.
	const merged = path.join(folder, 'usr', 'bin', 'busybox');
	return access(merged).then(
		() => merged,
		() => path.join(folder, 'bin', 'busybox'),
	);
}
