/** A kernel that the user built: a folder with its image and, if it has any, its modules. */
import {access, open, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../../errors.ts';
import type {Recipe} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import {whatIsAt} from '../packages/file-kinds.ts';

/** Paths of the files of one kernel. */
export interface KernelFiles {
	image: string;
	/** Folder with the content of lib/modules/<release>. The caller may move it away. */
	modules?: string;
	config?: string;
}

/** Paths of the image: beside the modules, or where `make` writes it in the sources. */
const images = ['bzImage', 'vmlinuz', 'arch/x86/boot/bzImage'];
/** Paths of the modules: where `make modules_install INSTALL_MOD_PATH=folder` or a person puts them. */
const moduleFolders = ['lib/modules', 'usr/lib/modules', 'modules', 'modules/lib/modules'];

/** Returns image, modules and release of a build. @throws UsageError naming what is missing and how to make it */
export async function findBuild(folder: string): Promise<KernelFiles & {release: string}> {
	const image = await firstExisting(images.map(name => path.join(folder, name)));
	if (!image) {
		throw new UsageError(`${folder} has no kernel image (${images.join(', ')}).`, {
			remedy:
				'Copy arch/x86/boot/bzImage of your build there, and run make modules_install INSTALL_MOD_PATH=<that folder>.',
		});
	}

	const release = await readRelease(image);
	const modules = await firstExisting(moduleFolders.map(name => path.join(folder, name, release)));
	const config = await firstExisting([
		path.join(folder, '.config'),
		path.join(folder, 'config'),
		path.join(folder, `config-${release}`),
	]);
	const others = (
		await Promise.all(moduleFolders.map(name => readdir(path.join(folder, name)).catch(() => [])))
	).flat();
	if (!modules && others.length > 0) {
		throw new UsageError(`${folder}: the image is of ${release}, but the modules are of ${others.join(', ')}.`, {
			remedy: 'Install the modules of this very build: make modules_install INSTALL_MOD_PATH=<that folder>.',
		});
	}

	return {image, release, ...(modules ? {modules} : {}), ...(config ? {config} : {})};
}

/** Returns what identifies this build: the image's content, and names, sizes and times of the modules. */
export async function folderRecipe(folder: string): Promise<Recipe> {
	const {image, modules, release} = await findBuild(folder);
	const names = modules ? await modulesIn(modules) : [];
	const looks = await Promise.all(
		names.map(async name => {
			const {size, mtimeMs} = await stat(path.join(modules!, name));
			return [name, size, mtimeMs];
		}),
	);
	return {type: 'directory', release, image: await sha256File(image), modules: looks};
}

/** Returns the paths of the modules. Links are not followed: `build` leads to the sources, which have modules, too. */
async function modulesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	return entries
		.filter(entry => !entry.isDirectory() && /\.ko(\.\w+)?$/.test(entry.name))
		.map(({parentPath, name}) => path.relative(folder, path.join(parentPath, name)))
		.sort();
}

/**
 * Reads the release from the header of an x86 kernel image: the same text that `uname -r` prints.
 * Documentation/arch/x86/boot.rst: the two bytes at 0x20e are the offset of that text, less 0x200.
 */
export async function readRelease(image: string): Promise<string> {
	const handle = await open(image);
	try {
		const header = Buffer.alloc(0x210);
		await handle.read(header, 0, header.length, 0);
		if (header.toString('latin1', 0x202, 0x206) !== 'HdrS') {
			throw new UsageError(`${image} is not an x86 kernel image (bzImage): it is ${await whatIsAt(image)}.`, {
				remedy: 'Give arch/x86/boot/bzImage, not vmlinux.',
			});
		}

		const text = Buffer.alloc(256);
		await handle.read(text, 0, text.length, header.readUInt16LE(0x20e) + 0x200);
		return text.toString('latin1').split(/[\0 ]/)[0]!;
	} finally {
		await handle.close();
	}
}

async function firstExisting(candidates: string[]): Promise<string | undefined> {
	for (const candidate of candidates) {
		if (
			await access(candidate).then(
				() => true,
				() => false,
			)
		) {
			return candidate;
		}
	}

	return undefined;
}
