/** A statically linked busybox from the distribution: the only program of an initrd. */
import {access, mkdir} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError} from '../../errors.ts';
import {unpackDeb} from '../packages/deb.ts';
import type {PackageRow} from '../packages/package-index.ts';
import type {Packages} from '../packages/packages.ts';
import {compareVersions} from '../packages/versions.ts';

/** Newest busybox-static of the suites that are configured. Its age does not matter to a kernel; any will do. */
export async function planBusybox(packages: Packages): Promise<PackageRow> {
	// Suites in development come last: their busybox changes every other week, and each change is a new artifact.
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

/** Path of the program, unpacked under `scratch`. */
export async function unpackBusybox(row: PackageRow, packages: Packages, scratch: string): Promise<string> {
	const folder = path.join(scratch, 'busybox');
	await mkdir(folder, {recursive: true});
	const deb = path.join(scratch, 'busybox.deb');
	await packages.download(row, deb);
	await unpackDeb(deb, folder);
	// Before the merge of /usr it was in /bin.
	const merged = path.join(folder, 'usr', 'bin', 'busybox');
	return access(merged).then(
		() => merged,
		() => path.join(folder, 'bin', 'busybox'),
	);
}
