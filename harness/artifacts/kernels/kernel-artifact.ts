/** Builds the files that a machine boots from: the image of a kernel, an initrd, and a disk with the modules. */
import {copyFile, mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ArtifactError} from '../../errors.ts';
import {initScript} from '../../guest/guest-files.ts';
import type {Kernel} from '../../model/index.ts';
import {ensureArtifact} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import type {Report} from '../../store/report.ts';
import type {Packages} from '../packages/packages.ts';
import {planBusybox, unpackBusybox} from './busybox.ts';
import {makeFilesystem} from './filesystem.ts';
import {writeInitrd} from './initrd.ts';
import {planKernelFiles} from './kernel-files.ts';
import {readRelease} from './kernel-folder.ts';
import {prepareModules} from './modules.ts';

export interface KernelArtifact {
	key: string;
	/** Absolute; never write into it. */
	folder: string;
	/** What `uname -r` prints. */
	release: string;
	vmlinuz: string;
	initrd: string;
	/** ext4 image that machines attach read-only; its root is the content of lib/modules/<release>. */
	modulesImage: string;
	/** The kernel's build configuration, if its source has one. */
	kernelConfig?: string;
}

/** Raise it when a change of the build makes older artifacts useless. */
const format = 1;

/**
 * Returns the artifact of a kernel from the cache, or builds it (about 10 s).
 * @throws ArtifactError naming what could not be fetched, or what is not a kernel
 */
export async function buildKernel(kernel: Kernel, packages: Packages, report: Report): Promise<KernelArtifact> {
	const files = await planKernelFiles(kernel, packages, report);
	const busybox = await planBusybox(packages);
	const recipe = {
		format,
		release: kernel.release,
		kernel: files.recipe,
		busybox: busybox.sha256,
		init: await sha256File(initScript),
	};
	const artifact = await ensureArtifact(
		{
			kind: 'kernel',
			label: kernel.label,
			recipe,
			build: async (folder, onProgress) => {
				const scratch = path.join(folder, '.scratch');
				const root = path.join(scratch, 'root');
				await mkdir(path.join(root, 'lib', 'modules'), {recursive: true});
				const found = await files.collect(scratch, onProgress);
				const release = await readRelease(found.image);
				if (release !== kernel.release) {
					throw new ArtifactError(`The image of kernel ${kernel.label} is of ${release}, not of ${kernel.release}.`);
				}

				await copyFile(found.image, path.join(folder, 'vmlinuz'));
				if (found.config) {
					await copyFile(found.config, path.join(folder, 'config'));
				}

				const tree = path.join(root, 'lib', 'modules', kernel.release);
				await (found.modules ? rename(found.modules, tree) : mkdir(tree));
				// Newer packages have these files beside the modules. No machine needs them there.
				await Promise.all(['vmlinuz', 'System.map'].map(name => rm(path.join(tree, name), {force: true})));

				onProgress('prepares the modules');
				await prepareModules(root, kernel.release);
				await writeInitrd(path.join(folder, 'initrd'), tree, await unpackBusybox(busybox, packages, scratch));
				await makeFilesystem(tree, path.join(folder, 'modules.ext4'), {label: 'modules'});
				await writeFile(path.join(folder, 'release'), `${kernel.release}\n`);
			},
		},
		report,
	);
	const at = (name: string) => path.join(artifact.folder, name);
	const names = await readdir(artifact.folder).catch(cause => {
		throw new ArtifactError(`${artifact.folder} went away while it was in use.`, {
			cause,
			remedy: 'Run again; do not clear the cache meanwhile.',
		});
	});
	return {
		key: artifact.key,
		folder: artifact.folder,
		release: kernel.release,
		vmlinuz: at('vmlinuz'),
		initrd: at('initrd'),
		modulesImage: at('modules.ext4'),
		...(names.includes('config') ? {kernelConfig: at('config')} : {}),
	};
}
