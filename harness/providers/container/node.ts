/** One node: a privileged container, started by testcontainers. Loaded only when this provider is chosen. */
import fs from 'node:fs';
import type {Readable} from 'node:stream';
import {variantFiles, variantProgram} from '../../guest/variant.ts';
import type {HelperHandle, Variant} from '../../model/index.ts';
import type {Station} from '../../network/lan.ts';
import {NodeContainer} from './node-container.ts';

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
	/** Its service images lie in its own volume, so that it can go on with another image. */
	ownImages: boolean;
	/** Other names that it knows, beside those of the engine's network. */
	helpers: readonly HelperHandle[];
	/** The Docker host has this folder of kernel modules; nodes look there. */
	modules?: string;
	variant?: Variant | undefined;
}

/**
 * Starts it and waits until its engine answers, or until it says that it never will. Returns its id.
 * Where it throws, the library has removed the container.
 */
export async function startNode(request: NodeRequest): Promise<string> {
	const {
		image,
		name,
		station,
		lan,
		labels,
		memory,
		cpus,
		console: file,
		ownImages,
		helpers,
		modules,
		variant,
	} = request;
	const log = fs.createWriteStream(file);
	let said: Readable | undefined;
	const node = new NodeContainer(image)
		.withName(name)
		.withHostname(station.name)
		.withLabels(labels)
		.withAddress(lan, station.address)
		// An overlay on an overlay is refused.
		.withVolume('/var/lib/docker')
		.withHostConfig({
			CgroupnsMode: 'private',
			Memory: memory * 2 ** 20,
			NanoCpus: cpus * 1e9,
			...(modules && {Mounts: [{Type: 'bind', Source: modules, Target: '/lib/modules', ReadOnly: true}]}),
		})
		.withExtraHosts(helpers.map(each => ({host: each.name, ipAddress: each.address})))
		.withCommand([
			...(variant ? [variantProgram] : []),
			...['node', ...(ownImages ? ['copy'] : []), ...(helpers.length > 0 ? ['helpers'] : [])],
		])
		.withCopyContentToContainer(
			variant ? variantFiles(variant, station).map(({path: target, content, mode}) => ({target, content, mode})) : [],
		)
		.withLogConsumer(stream => {
			said = stream;
			stream.pipe(log);
		});
	try {
		return (await node.start()).getId();
	} finally {
		// From here on a process that outlives this one writes it.
		said?.unpipe(log);
		said?.resume();
		log.end();
	}
}
