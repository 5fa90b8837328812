/** The image of nodes on the Docker host: the root filesystem, with the service images in the engine's own store. */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import type Docker from 'dockerode';
import {HarnessError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {openDaemon} from '../../machine/daemon.ts';
import type {DaemonAddress} from '../../model/index.ts';
import type {RootDisk} from '../provider.ts';
import {fatalIn, logOf} from './container-log.ts';
import {imageLabel, ownerLabel, swarmLabel} from './names.ts';
import {filesInImages, NodeContainer} from './node-container.ts';

const made = new Map<string, Promise<void>>();

/** Where it is made, and what the container from which it is made is called and labelled with, until it is removed. */
export interface Workplace {
	daemon: DaemonAddress;
	prefix: string;
	labels: Record<string, string>;
	onProgress: (doing: string) => void;
}

/**
 * Its name on the Docker host, where it is made unless it is there: some seconds, once for each engine. Throws HarnessError.
 * @param tree `disk` is a tar, `name` its key
 */
export async function ensureImage({disk, name}: RootDisk, work: Workplace): Promise<string> {
	const docker = openDaemon(work.daemon, limits.hostImage);
	const image = `swarmlab/engine:${name}-${suffixOfImages()}`;
	if (await isThere(docker, image)) {
		return image;
	}

	const key = `${work.daemon.url} ${image}`;
	const making =
		made.get(key) ??
		makeImage(docker, {tar: disk, tree: `swarmlab/tree:${name}`, image}, work).finally(() => made.delete(key));
	made.set(key, making);
	await making;
	return image;
}

/**
 * Returns what the names of images of nodes end with. It changes with our files in them: a Docker host keeps images for ever, and
 * other versions of swarmlab may use it.
 */
export function suffixOfImages(): string {
	return createHash('sha256').update(filesInImages()).digest('hex').slice(0, 6);
}

async function makeImage(
	docker: Docker,
	{tar, tree, image}: {tar: string; tree: string; image: string},
	work: Workplace,
): Promise<void> {
	const {onProgress} = work;
	if (!(await isThere(docker, tree))) {
		onProgress('the Docker host imports its root filesystem');
		await importTree(work.daemon, tar, tree);
	}

	onProgress('its engine imports the service images');
	await makeFromTree(docker, {tree, image}, work);
	for (const each of [tree, image]) {
		if (!(await isThere(docker, each))) {
			throw new HarnessError(`The Docker host has made ${each} and does not have it`);
		}
	}
}

/** Whether the Docker host has an image. */
export async function isThere(docker: Docker, image: string): Promise<boolean> {
	return docker
		.getImage(image)
		.inspect()
		.then(
			() => true,
			() => false,
		);
}

/** Imports a tar as an image. Throws HarnessError. */
export async function importTree(daemon: DaemonAddress, tar: string, image: string): Promise<void> {
	const docker = openDaemon(daemon, limits.hostImage);
	const [repo, tag] = image.split(':') as [string, string];
	const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
	try {
		const stream = await docker.importImage(fs.createReadStream(tar), {
			repo,
			tag,
			changes: [path, `LABEL ${imageLabel}=yes`],
		});
		await new Promise<void>((resolve, reject) => {
			docker.modem.followProgress(stream, error => (error ? reject(error) : resolve()));
		});
	} catch (error) {
		throw troubleOf('does not take the root filesystem of the nodes', error);
	}
}

/** Starts an engine in a container, which imports the service images, and makes an image of that container. */
async function makeFromTree(
	docker: Docker,
	{tree, image}: {tree: string; image: string},
	{prefix, labels}: Workplace,
): Promise<void> {
	const [repo, tag] = image.split(':') as [string, string];
	let said = '';
	try {
		const started = await new NodeContainer(tree)
			.asPreparation()
			.withName(`${prefix}prepare-${tag.slice(0, 6)}`)
			.withLabels(labels)
			.withLogConsumer(stream => stream.on('data', (text: Buffer | string) => (said += String(text))))
			.start();
		const container = docker.getContainer(started.getId());
		const fatal = fatalIn(await logOf(container));
		if (fatal !== undefined) {
			throw new Error(fatal);
		}

		await container.kill();
		// Whose the container was is not whose the image is.
		const changes = [...[ownerLabel, swarmLabel].map(label => `LABEL ${label}=`), `LABEL ${imageLabel}=yes`];
		await container.commit({repo, tag, changes});
		await container.remove({force: true, v: true});
	} catch (error) {
		throw troubleOf(`makes no image of nodes${said && `; the engine said:\n${said.trim()}\n`}`, error);
	}
}

function troubleOf(what: string, error: unknown): HarnessError {
	return new HarnessError(`The Docker host ${what}: ${(error as Error).message}`, {
		cause: error,
		remedy: 'Look whether its disk is full.',
	});
}
