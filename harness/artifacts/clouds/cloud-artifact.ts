/** A packaged cloud as an artifact: a disk with OpenStack's packages, that any kernel can boot. */
import path from 'node:path';
import {furnish, guestFiles, prune} from '../../guest/guest-files.ts';
import {ensureArtifact} from '../../store/cache.ts';
import {sha256File} from '../../store/manifest.ts';
import type {Report} from '../../store/report.ts';
import type {Packages} from '../packages/packages.ts';
import {makeDisk} from '../packages/tree.ts';
import {cloudFiles, cloudFolder, furnishCloud} from './cloud-files.ts';
import {cloudRelease} from './cloud-release.ts';

export interface CloudArtifact {
	key: string;
	/** Absolute; never write into it. */
	folder: string;
	/** Raw ext4 image: machines start from copy-on-write overlays on it. */
	disk: string;
	/** Name of the OpenStack release: `zed`. */
	release: string;
}

/** Size of the disk as the machine sees it. The image is sparse: blocks not written take no space on the host. */
const size = '8G';

/** Raise it when a change of the build makes older artifacts useless. */
const format = 1;

/**
 * Returns the artifact of the packaged cloud from the cache, or builds it. The build boots nothing and configures no service,
 * because stack.sh does that.
 * @throws ArtifactError naming what could not be installed
 */
export async function buildCloud(packages: Packages, report: Report): Promise<CloudArtifact> {
	const {suite, name, packages: names} = await cloudRelease(packages);
	const ours = await cloudFiles();
	const artifact = await ensureArtifact(
		{
			kind: 'cloud',
			label: name,
			recipe: {
				suite,
				packages: names,
				format,
				guest: await Promise.all(guestFiles().map(sha256File)),
				cloud: await Promise.all(ours.map(async file => [path.relative(cloudFolder, file), await sha256File(file)])),
			},
			build: async (folder, onProgress) => {
				const scratch = path.join(folder, '.scratch');
				const root = path.join(scratch, 'root');
				onProgress(`installs OpenStack ${name} of ${suite}`);
				await packages.install(root, scratch, {suite, packages: names, variant: 'essential'});
				await prune(root);
				await furnish(root, {cgroup: 'v2'});
				await furnishCloud(root);
				onProgress('makes the disk');
				await makeDisk(root, path.join(folder, 'disk.raw'), {size, label: 'swarmlab'});
			},
		},
		report,
	);
	return {
		key: artifact.key,
		folder: artifact.folder,
		disk: path.join(artifact.folder, 'disk.raw'),
		release: name,
	};
}
