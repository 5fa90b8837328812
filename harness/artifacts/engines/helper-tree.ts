/** A root filesystem of packages as a tar, for a helper container. */
import path from 'node:path';
import {prune} from '../../guest/guest-files.ts';
import type {HelperSpec} from '../../model/index.ts';
import {ensureArtifact} from '../../store/cache.ts';
import type {Report} from '../../store/report.ts';
import type {Packages} from '../packages/packages.ts';
import {packTree} from '../packages/tree.ts';

type FromPackages = Extract<HelperSpec['from'], {type: 'packages'}>;

/** Increase it when trees are made in another way, and older ones must not be used. */
const format = 1;

/** Returns the tree from the cache or built (some 20 s): its key, and the tar. Throws ArtifactError. */
export async function buildHelperTree(
	{packages: wanted, suite}: FromPackages,
	packages: Packages,
	report: Report,
): Promise<{key: string; file: string}> {
	const names = wanted.map(({name, version}) => `${name}=${version}`);
	const artifact = await ensureArtifact(
		{
			kind: 'tree',
			label: wanted.map(({name}) => name).join(' '),
			recipe: {suite, packages: names, helper: format},
			build: async (folder, onProgress) => {
				const scratch = path.join(folder, '.scratch');
				const root = path.join(scratch, 'root');
				onProgress(`installs ${suite} with ${names.length} ${names.length === 1 ? 'package' : 'packages'}`);
				await packages.install(root, scratch, {suite, packages: names, variant: 'essential'});
				await prune(root);
				onProgress('packs the tree');
				await packTree(root, path.join(folder, 'tree.tar'));
			},
		},
		report,
	);
	return {key: artifact.key, file: path.join(artifact.folder, 'tree.tar')};
}
