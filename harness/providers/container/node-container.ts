/** A privileged container in which an engine runs: what nodes of the provider and of the library have in common. */
import fs from 'node:fs';
import path from 'node:path';
import type {HostConfig} from 'dockerode';
import {GenericContainer, ImageName, Wait} from 'testcontainers';
import {limits} from '../../limits.ts';

/** With a field that the types of dockerode do not know. */
interface NodeConfig extends HostConfig {
	CgroupnsMode: 'private' | 'host';
}

const files = ['init', 'node', 'prepare'].map(name => ({
	content: fs.readFileSync(path.join(import.meta.dirname, 'node', name), 'utf8'),
	target: `/usr/lib/swarmlab/${name === 'init' ? 'container-init' : name}`,
	mode: 0o755,
}));

const entrypoint = ['/bin/busybox', 'sh', '/usr/lib/swarmlab/container-init'];

/** What the library has no words for. It pulls nothing, and starts no Ryuk, which would have to be pulled. */
export class NodeContainer extends GenericContainer {
	constructor(image: string) {
		super(image);
		this.withPullPolicy({shouldPull: () => 'never'})
			// What outlives us is found by its labels.
			.withAutoCleanup(false)
			.withPrivilegedMode()
			.withEntrypoint(entrypoint)
			.withHostConfig({CgroupnsMode: 'private'})
			.withWaitStrategy(Wait.forLogMessage(/swarmlab: (node up|FATAL)/))
			.withStartupTimeout(limits.boot * 1000);
	}

	withImage(image: string): this {
		this.imageName = ImageName.fromString(image);
		this.createOpts.Image = image;
		return this;
	}

	withAddress(network: string, address: string): this {
		this.networkMode = network;
		this.createOpts.NetworkingConfig = {EndpointsConfig: {[network]: {IPAMConfig: {IPv4Address: address}}}};
		return this;
	}

	/** Of its own, removed with it. */
	withVolume(folder: string): this {
		this.createOpts.Volumes = {...this.createOpts.Volumes, [folder]: {}};
		return this;
	}

	withHostConfig(options: NodeConfig): this {
		Object.assign(this.hostConfig, options);
		return this;
	}

	/** Makes it the container from which the image of the nodes is made: our files, and a volume that is not part of the image. */
	asPreparation(): this {
		return this.withCopyContentToContainer(files)
			.withNetworkMode('none')
			.withCommand(['prepare'])
			.withHostConfig({CgroupnsMode: 'private', Mounts: [{Type: 'volume', Source: '', Target: '/var/lib/docker'}]})
			.withWaitStrategy(Wait.forLogMessage(/swarmlab: (prepared|FATAL)/))
			.withStartupTimeout(limits.boot * 1000);
	}
}

/** Returns the text of our files in the image of the nodes: the image's name depends on it. */
export const filesInImages = () => files.map(({content}) => content).join('\0');
