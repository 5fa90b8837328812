/** Finds the files of a kernel, which come from packages of the index, a .deb, or a folder with the user's own build. */
import {access, copyFile, cp, mkdir, readdir} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError} from '../../errors.ts';
import type {Kernel, PackageRef} from '../../model/index.ts';
import type {Recipe} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import type {Report} from '../../store/report.ts';
import {unpackDeb} from '../packages/deb.ts';
import {localFile} from '../packages/location.ts';
import type {Packages} from '../packages/packages.ts';
import {siblingDebs} from './kernel-deb.ts';
import {findBuild, folderRecipe, type KernelFiles} from './kernel-folder.ts';
import {kernelPackages} from './kernel-packages.ts';

/** How the files of a kernel are fetched. It is known before anything is fetched, because the artifact's key needs `recipe`. */
export interface KernelPlan {
	recipe: Recipe;
	/** Fetches and unpacks into `scratch`. */
	collect: (scratch: string, onProgress: (doing: string) => void) => Promise<KernelFiles>;
}

/** Plans the files of a kernel. @throws ArtifactError when the source does not exist (any more) */
export async function planKernelFiles(kernel: Kernel, packages: Packages, report: Report): Promise<KernelPlan> {
	const {source} = kernel;
	switch (source.type) {
		case 'package':
			return planPackages(kernel, source.package, packages, report);
		case 'deb':
			return planDeb(kernel, source, packages);
		case 'directory':
			return planFolder(kernel, source.path);
		case 'host':
			throw new ArtifactError('The kernel of a host is not built.');
	}
}

async function planPackages(
	kernel: Kernel,
	wanted: PackageRef,
	packages: Packages,
	report: Report,
): Promise<KernelPlan> {
	const parts = kernelPackages(await packages.rows(report, wanted.suite), wanted);
	if (!parts) {
		throw new ArtifactError(`${wanted.name} ${wanted.version} is not in ${wanted.suite} any more, or not as a whole.`, {
			remedy: 'swarmlab kernels lists what can be had.',
		});
	}

	return {
		recipe: {type: 'package', packages: parts.map(({name, version, sha256}) => ({name, version, sha256}))},
		collect: async (scratch, onProgress) => {
			const unpacked = path.join(scratch, 'unpacked');
			for (const row of parts) {
				onProgress(`fetches ${row.name} ${row.version} (${Math.ceil(row.size / 1e6)} MB)`);
				const deb = path.join(scratch, `${row.name}.deb`);
				await packages.download(row, deb);
				await unpackDeb(deb, unpacked);
			}

			return findUnpacked(unpacked, kernel.release);
		},
	};
}

async function planDeb(
	kernel: Kernel,
	source: {location: string; sha256: string},
	packages: Packages,
): Promise<KernelPlan> {
	const local = localFile(source.location);
	const siblings = local ? await siblingDebs(local) : [];
	return {
		recipe: {type: 'deb', sha256: source.sha256, siblings: await Promise.all(siblings.map(sha256File))},
		collect: async (scratch, onProgress) => {
			onProgress(`fetches ${source.location}`);
			const deb = path.join(scratch, 'kernel.deb');
			if (local) {
				await copyFile(local, deb);
				if ((await sha256File(deb)) !== source.sha256) {
					throw new ArtifactError(`${local} is not the file that it was: its checksum has changed.`);
				}
			} else {
				await packages.download({uri: source.location, sha256: source.sha256}, deb);
			}

			const unpacked = path.join(scratch, 'unpacked');
			await unpackDeb(deb, unpacked);
			for (const sibling of siblings) {
				await unpackDeb(sibling, unpacked, {keep: true});
			}

			return findUnpacked(unpacked, kernel.release);
		},
	};
}

async function planFolder(kernel: Kernel, folder: string): Promise<KernelPlan> {
	return {
		recipe: await folderRecipe(folder),
		collect: async (scratch, onProgress) => {
			onProgress(`copies ${folder}`);
			const found = await findBuild(folder);
			if (!found.modules) {
				return found;
			}

			const copy = path.join(scratch, 'unpacked', kernel.release);
			await mkdir(path.dirname(copy), {recursive: true});
			// `build` and `source` are links to the kernel's sources, which are gigabytes large.
			await cp(found.modules, copy, {
				recursive: true,
				filter: from => !['build', 'source'].includes(path.relative(found.modules!, from)),
			});
			return {...found, modules: copy};
		},
	};
}

/** Returns the files of a kernel in unpacked packages. Newer packages have all of them under /usr/lib/modules/<release>. */
async function findUnpacked(unpacked: string, release: string): Promise<KernelFiles> {
	const first = async (...names: string[]) => {
		for (const name of names) {
			const file = path.join(unpacked, name);
			if (
				await access(file).then(
					() => true,
					() => false,
				)
			) {
				return file;
			}
		}

		return undefined;
	};

	const modules = await first(`usr/lib/modules/${release}/kernel`, `lib/modules/${release}/kernel`);
	const image = await first(
		`boot/vmlinuz-${release}`,
		`usr/lib/modules/${release}/vmlinuz`,
		`lib/modules/${release}/vmlinuz`,
	);
	if (!image || !modules) {
		// Links of packages may lead anywhere: with types of entries, they are not followed.
		const seen = (await readdir(unpacked, {recursive: true, withFileTypes: true}))
			.map(({parentPath, name}) => path.relative(unpacked, path.join(parentPath, name)))
			.filter(name => /vmlinu|lib\/modules\/[^/]+$/.test(name));
		throw new ArtifactError(
			`The packages have no ${image ? 'modules' : 'vmlinuz'} of ${release}; they have ${seen.join(', ') || 'neither'}.`,
			{
				remedy:
					'A kernel that is split over several .deb needs all of them in one folder: put linux-modules-… beside linux-image-….',
			},
		);
	}

	const config = await first(
		`boot/config-${release}`,
		`usr/lib/modules/${release}/config`,
		`lib/modules/${release}/config`,
		`usr/lib/linux/config-${release}`,
	);
	return {image, modules: path.dirname(modules), ...(config ? {config} : {})};
}
