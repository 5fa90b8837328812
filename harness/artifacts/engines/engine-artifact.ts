/** A Docker Engine as an artifact: the disk of a machine with the service images. Any kernel can boot it. */
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
	/** Version of the server, as `docker version` must print it. */
	version: string;
}

/** Raise it only when a change of the build makes older artifacts useless, because a build takes minutes. */
const format = 1;

/**
 * Returns the artifact of an engine from the cache, or builds it (about 2 minutes under emulation).
 * @param builder its kernel only serves to import the images. It is not part of the key, so N kernels and M engines
 * need N + M artifacts
 * @throws ArtifactError naming what could not be installed, or with the console of an engine that did not take the images
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
