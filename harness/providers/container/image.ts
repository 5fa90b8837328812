/** The root filesystem of nodes, as an image of the Docker host. */
import fs from 'node:fs';
import type Docker from 'dockerode';
import {HarnessError} from '../../errors.ts';
import type {RootDisk} from '../provider.ts';

const imports = new Map<string, Promise<void>>();

/**
 * Its name on the Docker host, where it is imported unless it is there. Throws HarnessError.
 * @param url of the Docker host. @param tree `disk` is a tar, `name` its key
 */
export async function ensureImage(docker: Docker, url: string, {disk, name}: RootDisk): Promise<string> {
	const image = `swarmlab/engine:${name}`;
	const key = `${url} ${image}`;
	if (await isThere(docker, image)) {
		return image;
	}

	const importing = imports.get(key) ?? importTree(docker, disk, image).finally(() => imports.delete(key));
	imports.set(key, importing);
	await importing;
	return image;
}

async function isThere(docker: Docker, image: string): Promise<boolean> {
	return docker
		.getImage(image)
		.inspect()
		.then(
			() => true,
			() => false,
		);
}

async function importTree(docker: Docker, tar: string, image: string): Promise<void> {
	const [repo, tag] = image.split(':') as [string, string];
	const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
	try {
		const stream = await docker.importImage(fs.createReadStream(tar), {repo, tag, changes: [path]});
		await new Promise<void>((resolve, reject) => {
			docker.modem.followProgress(stream, error => (error ? reject(error) : resolve()));
		});
	} catch (error) {
		throw new HarnessError(
			`The Docker host does not take the root filesystem of the nodes: ${(error as Error).message}`,
			{
				cause: error,
				remedy: 'Look whether its disk is full.',
			},
		);
	}

	if (!(await isThere(docker, image))) {
		throw new HarnessError(`The Docker host has imported ${image} and does not have it`);
	}
}
