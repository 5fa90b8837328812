/** A kernel in a .deb that a path or URL names, such as one of Ubuntu's mainline builds. */
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../../errors.ts';
import type {Kernel} from '../../model/index.ts';
import {listDeb, readDeb} from '../packages/deb.ts';
import {localFile, parseLocation} from '../packages/location.ts';
import {kernelParts} from './kernel-packages.ts';

/**
 * Returns the kernel in a .deb.
 * @param spec path or URL, with `#sha256=HEX` for a URL
 * @throws UsageError when the .deb has no kernel or is of another architecture, or when a URL does not contain the release
 */
export async function debKernel(spec: string): Promise<Kernel> {
	const {location, sha256} = await parseLocation(spec);
	const local = localFile(location);
	const release = local ? await releaseIn(local) : releaseOfName(location);
	if (!release) {
		throw new UsageError(
			`${location} is not a kernel: it has no vmlinuz, and its name is not linux-image-RELEASE_VERSION_ARCH.deb.`,
			{
				remedy: 'Give the linux-image package. One with another name must be downloaded first; then give its path.',
			},
		);
	}

	return {label: release, release, source: {type: 'deb', location, sha256}};
}

/** Returns the packages in the same folder that the kernel's .deb depends on: the modules of a split kernel. */
export async function siblingDebs(deb: string): Promise<string[]> {
	const control = await readDeb(deb);
	const neighbours = (await readdir(path.dirname(deb))).filter(name => name.endsWith('.deb')).sort();
	return kernelParts(control.depends).flatMap(name => {
		const found = neighbours.find(file => file.startsWith(`${name}_`));
		return found ? [path.join(path.dirname(deb), found)] : [];
	});
}

async function releaseIn(deb: string): Promise<string | undefined> {
	const control = await readDeb(deb);
	if (!['amd64', 'all'].includes(control.architecture ?? 'amd64')) {
		throw new UsageError(`${deb} is of architecture ${control.architecture}; machines are of amd64.`, {
			remedy: 'Give the package of amd64.',
		});
	}

	const names = await listDeb(deb);
	const image = names.map(name => /\/boot\/vmlinuz-(.+)$|\/lib\/modules\/([^/]+)\/vmlinuz$/.exec(name)).find(Boolean);
	// The image of a split kernel is in another package in the same folder.
	return image?.[1] ?? image?.[2] ?? releaseOfName(`${control.package}_`);
}

function releaseOfName(name: string): string | undefined {
	return /(?:^|\/)linux-image-(?:unsigned-)?(\d[^/_]*)_/.exec(decodeURIComponent(name))?.[1];
}
