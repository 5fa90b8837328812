/** A Docker Engine as an artifact: the disk of a machine, with the service images in it, that any kernel can boot. */
import path from 'node:path';
import {guestFiles} from '../../guest/guest-files.ts';
import type {Engine} from '../../model/index.ts';
import {ensureArtifact, type Recipe} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import type {Report} from '../../store/report.ts';
import type {Packages} from '../packages/packages.ts';
import {type Builder, runBuilderVm} from './builder.ts';
import {buildRootfs, rootfsPackages} from './rootfs.ts';
import {buildServiceImages} from './service-images.ts';

export interface EngineArtifact {
	key: string;
	/** Absolute; never write into it. */
	folder: string;
	/** Raw ext4 image: machines start from copy-on-write overlays on it. */
	disk: string;
	/** What `docker version` must print for the server. */
	version: string;
}

/** Raised when the way it is made changes so that older artifacts are of no use. Building takes minutes: not for less. */
const format = 1;

/**
 * The artifact of an engine, from the cache or built (about 2 minutes under emulation).
 * @param builder its kernel only serves to import the images: it does not enter the key, as N kernels and M engines
 * need N + M artifacts
 * @throws ArtifactError what could not be installed, or what the engine said when it did not take the images
 */
export async function buildEngine(
	engine: Engine,
	packages: Packages,
	builder: Builder,
	report: Report,
): Promise<EngineArtifact> {
	const images = await buildServiceImages(packages, report);
	const names = await rootfsPackages(engine, packages);
	const artifact = await ensureArtifact(
		{
			kind: 'engine',
			label: engine.label,
			recipe: {...(await contentOf(engine, names, images)), format},
			build: async (folder, onProgress) => {
				const disk = path.join(folder, 'disk.raw');
				await buildRootfs(engine, disk, {packages, names, scratch: path.join(folder, '.scratch'), onProgress});
				onProgress('boots once to import the service images');
				await runBuilderVm(builder, {
					name: `builder of Docker ${engine.label}`,
					disk,
					archive: images.archive,
					console: path.join(folder, 'import-console.log'),
					kernelArgs: 'swarmlab.task=import-images',
					successMarker: 'swarmlab: images imported',
					failed: `Docker ${engine.version} did not take the service images`,
					remedy: 'If the engine is too old for this kernel, build it with another one: --kernel.',
				});
			},
		},
		report,
	);
	return {
		key: artifact.key,
		folder: artifact.folder,
		disk: path.join(artifact.folder, 'disk.raw'),
		version: engine.version,
	};
}

/** All that the root filesystem with an engine is made of. */
export async function contentOf({source, version}: Engine, packages: string[], images: {key: string}): Promise<Recipe> {
	return {
		source: source.type === 'tarball' ? {sha256: source.sha256, suite: source.suite} : source,
		version,
		packages,
		images: images.key,
		guest: await Promise.all(guestFiles().map(sha256File)),
	};
}
