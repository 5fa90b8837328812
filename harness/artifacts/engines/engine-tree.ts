/**
 * A root filesystem with a Docker Engine as a tar, for machines that are containers. It has the same packages as the disk of a
 * machine. It is built without a machine: it contains the service images as files, and the engine of the node imports them.
 */
import {copyFile} from 'node:fs/promises';
import path from 'node:path';
import {furnish, prune} from '../../guest/guest-files.ts';
import type {Engine} from '../../model/index.ts';
import {ensureArtifact} from '../../store/cache.ts';
import type {Report} from '../../store/report.ts';
import type {Packages} from '../packages/packages.ts';
import {packTree} from '../packages/tree.ts';
import {contentOf} from './engine-artifact.ts';
import {cgroupOf, installEngine, rootfsPackages} from './rootfs.ts';
import {buildServiceImages} from './service-images.ts';

export interface EngineTree {
	key: string;
	/** The tar. */
	file: string;
	/** What `docker version` must print for the server. */
	version: string;
}

/** Increase it when trees are made in another way, and older ones must not be used. */
const format = 1;

/** Path of the service images in the tree. */
const imagesIn = 'usr/lib/swarmlab/images.tar';

/**
 * Returns the tree of an engine, from the cache or built (about a minute).
 * @throws ArtifactError if packages could not be installed
 */
export async function buildEngineTree(engine: Engine, packages: Packages, report: Report): Promise<EngineTree> {
	const images = await buildServiceImages(packages, report);
	const names = await rootfsPackages(engine, packages);
	const artifact = await ensureArtifact(
		{
			kind: 'tree',
			label: engine.label,
			recipe: {...(await contentOf(engine, names, images)), format},
			build: async (folder, onProgress) => {
				const root = await installEngine(engine, {packages, names, scratch: path.join(folder, '.scratch'), onProgress});
				await prune(root);
				await furnish(root, {cgroup: cgroupOf(engine.version)});
				await copyFile(images.archive, path.join(root, imagesIn));
				onProgress('packs the tree');
				await packTree(root, path.join(folder, 'tree.tar'));
			},
		},
		report,
	);
	return {key: artifact.key, file: path.join(artifact.folder, 'tree.tar'), version: engine.version};
}
