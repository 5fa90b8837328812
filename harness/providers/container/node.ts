/** One node: a privileged container, started by testcontainers. Loaded only when this provider is chosen. */
import fs from 'node:fs';
import path from 'node:path';
import type {Readable} from 'node:stream';
import type {HostConfig} from 'dockerode';
import {GenericContainer, Wait} from 'testcontainers';
import {limits} from '../../limits.ts';
import type {Station} from '../../network/lan.ts';

export interface NodeRequest {
	image: string;
	/** Name of the container. */
	name: string;
	station: Station;
	/** Name of the network. */
	lan: string;
	labels: Record<string, string>;
	/** MiB. */
	memory: number;
	cpus: number;
	/** File for what it says, from the first line on. */
	console: string;
	/** The Docker host has this folder of kernel modules; nodes look there. */
	modules?: string;
}

const files = ['init', 'node'].map(name => ({
	content: fs.readFileSync(path.join(import.meta.dirname, 'node', name), 'utf8'),
	target: `/usr/lib/swarmlab/${name === 'init' ? 'container-init' : name}`,
	mode: 0o755,
}));

/** With a field that the types of dockerode do not know. */
interface NodeConfig extends HostConfig {
	CgroupnsMode: 'private' | 'host';
}

/** What the library has no words for. */
class Node extends GenericContainer {
	withAddress(network: string, address: string): this {
		this.networkMode = network;
		this.createOpts.NetworkingConfig = {EndpointsConfig: {[network]: {IPAMConfig: {IPv4Address: address}}}};
		return this;
	}

	withVolume(folder: string): this {
		this.createOpts.Volumes = {...this.createOpts.Volumes, [folder]: {}};
		return this;
	}

	withHostConfig(options: NodeConfig): this {
		Object.assign(this.hostConfig, options);
		return this;
	}
}

/**
 * Starts it and waits until its engine answers and has the service images, or until it says that it never will. Returns its id.
 * Where it throws, the library has removed the container.
 */
export async function startNode(request: NodeRequest): Promise<string> {
	const {image, name, station, lan, labels, memory, cpus, console: file, modules} = request;
	const log = fs.createWriteStream(file);
	let said: Readable | undefined;
	const node = new Node(image)
		.withPullPolicy({shouldPull: () => 'never'})
		// Ryuk, which would have to be pulled. What outlives us is found by its labels.
		.withAutoCleanup(false)
		.withName(name)
		.withHostname(station.name)
		.withLabels(labels)
		.withAddress(lan, station.address)
		.withPrivilegedMode()
		// An overlay on an overlay is refused.
		.withVolume('/var/lib/docker')
		.withHostConfig({
			CgroupnsMode: 'private',
			Memory: memory * 2 ** 20,
			NanoCpus: cpus * 1e9,
			...(modules && {Mounts: [{Type: 'bind', Source: modules, Target: '/lib/modules', ReadOnly: true}]}),
		})
		.withCopyContentToContainer(files)
		.withEntrypoint(['/bin/busybox', 'sh', '/usr/lib/swarmlab/container-init'])
		.withLogConsumer(stream => {
			said = stream;
			stream.pipe(log);
		})
		.withWaitStrategy(Wait.forLogMessage(/swarmlab: (node up|FATAL)/))
		.withStartupTimeout(limits.boot * 1000);
	try {
		return (await node.start()).getId();
	} finally {
		// From here on a process that outlives this one writes it.
		said?.unpipe(log);
		said?.resume();
		log.end();
	}
}
