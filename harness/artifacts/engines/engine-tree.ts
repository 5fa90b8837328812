/**
 * A Docker Engine as a tar: the same root filesystem as that of a machine's disk, for machines that are containers. No machine
 * is needed to make it: the service images lie in it as files, and the node's own engine imports them.
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

/** Raised when the way it is made changes so that older artifacts are of no use. */
const format = 1;

/** Where the service images lie in the tree. */
const imagesIn = 'usr/lib/swarmlab/images.tar';

/**
 * The tree of an engine, from the cache or built (about a minute).
 * @throws ArtifactError what could not be installed
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
