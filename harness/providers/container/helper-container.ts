/** One helper container, started by testcontainers. Loaded only when this provider is chosen. */
import fs from 'node:fs';
import type {Readable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type Docker from 'dockerode';
import {GenericContainer, type WaitStrategy} from 'testcontainers';
import {HarnessError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {openDaemon} from '../../machine/daemon.ts';
import type {DaemonAddress, HelperSpec} from '../../model/index.ts';
import {writeAtomically} from '../../write-atomically.ts';
import {logOf} from './container-log.ts';
import {importTree, isThere} from './image.ts';

/**
 * Returns the name of the image, which is imported if the container is made of packages.
 * @throws HarnessError if the Docker host does not have the image
 */
export async function helperImage(
	{name, from}: HelperSpec,
	tree: {name: string; disk: string} | undefined,
	{daemon, say}: {daemon: DaemonAddress; say: (doing: string) => void},
): Promise<string> {
	const docker = openDaemon(daemon);
	if (from.type === 'image') {
		if (!(await isThere(docker, from.image))) {
			throw new HarnessError(
				`The Docker host ${daemon.url} does not have ${from.image}, the image of the helper container ${name}`,
				{
					remedy: `swarmlab pulls nothing. On the Docker host: docker pull ${from.image} (or docker load). Without a registry, name packages instead: services.${name}.packages.`,
				},
			);
		}

		return from.image;
	}

	if (!tree) {
		throw new TypeError(`Nothing was built for the helper container ${name}`);
	}

	const image = `swarmlab/helper:${tree.name}`;
	if (!(await isThere(docker, image))) {
		say('the Docker host imports its root filesystem');
		await importTree(daemon, tree.disk, image);
	}

	return image;
}

interface HelperRequest {
	image: string;
	/** Name of the container. */
	name: string;
	labels: Record<string, string>;
	/** File for what it says until it is up, from the first line on. */
	log: string;
	signal: AbortSignal;
}

/** Starts it and waits until it is up. Returns its id. Where it throws, the library has removed the container. */
export async function startHelper(spec: HelperSpec, request: HelperRequest): Promise<string> {
	const {command, environment, files, name: helper} = spec;
	const {image, name, labels, log: file, signal} = request;
	const log = fs.createWriteStream(file);
	let said: Readable | undefined;
	const failed: Failed = {};
	const container = new GenericContainer(image)
		.withPullPolicy({shouldPull: () => 'never'})
		// What outlives us is found by its labels. No Ryuk, which would have to be pulled.
		.withAutoCleanup(false)
		.withName(name)
		.withHostname(helper)
		.withLabels(labels)
		.withEnvironment(environment)
		.withCopyContentToContainer(Object.entries(files).map(([target, content]) => ({target, content})))
		.withLogConsumer(stream => {
			said = stream;
			stream.pipe(log);
		})
		.withWaitStrategy(untilReady(spec, signal, failed));
	if (command) {
		container.withCommand(command);
	}

	try {
		return (await container.start()).getId();
	} finally {
		said?.unpipe(log);
		said?.resume();
		await new Promise(resolve => log.end(resolve));
		if (failed.said !== undefined) {
			writeAtomically(file, failed.said);
		}
	}
}

/**
 * All that a container has said that did not come up. The daemon has it when the container has ended; the stream that is followed
 * may be behind, and the library then removes the container.
 */
interface Failed {
	said?: string;
}

/** Waits until it is up, and no longer when it has ended: the library's own waits go on until their limit. */
function untilReady(spec: HelperSpec, signal: AbortSignal, failed: Failed): WaitStrategy {
	const strategy: WaitStrategy = {
		async waitUntilReady(container) {
			try {
				await isUp(container);
			} catch (error) {
				failed.said = await logOf(container).catch(() => undefined);
				throw error;
			}
		},
		withStartupTimeout: () => strategy,
		isStartupTimeoutSet: () => true,
		getStartupTimeout: () => limits.helperStart * 1000,
	};
	return strategy;

	async function isUp(container: Docker.Container): Promise<void> {
		const end = performance.now() + limits.helperStart * 1000;
		for (;;) {
			signal.throwIfAborted();
			const {State} = await container.inspect();
			if (!State.Running) {
				throw new Error(`it has ended with exit code ${State.ExitCode}`);
			}

			const lacking = await lackOf(container, spec);
			if (lacking === undefined) {
				return;
			}

			if (performance.now() > end) {
				throw new Error(`after ${limits.helperStart} s ${lacking}`);
			}

			await delay(limits.pollInterval * 1000);
		}
	}
}

/** Returns what is not as it is when the container is up, in a few words; undefined when it is up. */
async function lackOf(container: Docker.Container, {ready, ports}: HelperSpec): Promise<string | undefined> {
	if (ready && 'log' in ready) {
		return new RegExp(ready.log, 'm').test(await logOf(container)) ? undefined : `its log has no line ${ready.log}`;
	}

	if (ready) {
		const exitCode = await exitCodeOf(container, ready.command);
		return exitCode === 0 ? undefined : `${ready.command.join(' ')} ends with ${exitCode}`;
	}

	// proc_net_tcp(5): local address, remote address, state; 0A listens.
	const sockets = ports.map(port => `grep -qi ':${port.toString(16).padStart(4, '0')} 0*:0000 0A ' /proc/net/tcp*`);
	const exitCode = await exitCodeOf(container, ['sh', '-c', sockets.join(' && ')]);
	return exitCode === 0
		? undefined
		: `it does not listen at ${ports.join(', ')} (looked for by sh and grep in the container: an image without them needs 'ready')`;
}

async function exitCodeOf(container: Docker.Container, words: readonly string[]): Promise<number | null> {
	const exec = await container.exec({Cmd: [...words], AttachStdout: true, AttachStderr: true});
	const stream = await exec.start({hijack: true, stdin: false});
	stream.resume();
	await new Promise(resolve => stream.once('end', resolve).once('close', resolve).once('error', resolve));
	return (await exec.inspect()).ExitCode;
}
