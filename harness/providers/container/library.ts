/** Loads testcontainers and connects it to the Docker host. */
import {isDeepStrictEqual} from 'node:util';
import {setVariables, variable} from '../../environment.ts';
import {HarnessError} from '../../errors.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {forward} from '../../machine/forward.ts';
import type {DaemonAddress} from '../../model/index.ts';

/** The library keeps one client a process, made from the environment. */
let connected: {address: DaemonAddress; client: Promise<void>} | undefined;

/** What is made by testcontainers. It is large, so it is loaded only when this provider is chosen. */
export type Library = Awaited<ReturnType<typeof loadLibrary>>;

/**
 * Returns what makes images and starts nodes on this Docker host.
 * @throws HarnessError if this process has used another Docker host already
 */
export async function loadLibrary(address: DaemonAddress) {
	await connectLibrary(address);
	const [{startNode}, {ensureImage}, {helperImage, startHelper}] = await Promise.all([
		import('./node.ts'),
		import('./image.ts'),
		import('./helper-container.ts'),
	]);
	return {startNode, ensureImage, helperImage, startHelper};
}

/** Connects testcontainers to this Docker host. @throws HarnessError if this process has used another Docker host already */
export async function connectLibrary(address: DaemonAddress): Promise<void> {
	const {socket: _, ...host} = address;
	if (connected && !isDeepStrictEqual(connected.address, host)) {
		throw new HarnessError(
			`This process has used the Docker host ${connected.address.url}, so it cannot use ${host.url} as well`,
			{remedy: 'Start a process for each Docker host, with DOCKER_HOST or DOCKER_CONTEXT of its own.'},
		);
	}

	// The library knows no ssh, so it gets a socket of this process. Each call makes sure that ssh runs.
	const socket = host.url.startsWith('ssh:') ? await forward(host) : undefined;
	connected ??= {address: host, client: connect(host, socket)};
	await connected.client;
}

async function connect(address: DaemonAddress, socket: string | undefined): Promise<void> {
	const {url, certificates} = address;
	process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
	const wanted: Record<string, string | undefined> = {
		DOCKER_HOST: socket === undefined ? url : `unix://${socket}`,
		DOCKER_TLS_VERIFY: certificates === undefined ? undefined : '1',
		DOCKER_CERT_PATH: certificates,
		// Otherwise it looks, in a container, for the gateway of a network that the Docker host may not have.
		TESTCONTAINERS_HOST_OVERRIDE: variable('TESTCONTAINERS_HOST_OVERRIDE') ?? 'localhost',
	};
	const before = setVariables(wanted);
	try {
		const {getContainerRuntimeClient} = await import('testcontainers');
		const client = await getContainerRuntimeClient();
		// It tries one Docker host after the other, and a file of the user's may name the first.
		const [its, ours] = await Promise.all([client.container.dockerode.info(), openDaemon(address).info()]);
		if ((its as {ID: string}).ID !== (ours as {ID: string}).ID) {
			throw new HarnessError(`testcontainers uses another Docker host than ${url}`, {
				remedy: 'Look into ~/.testcontainers.properties: tc.host and docker.tls.verify must not be set there.',
			});
		}
	} catch (error) {
		connected = undefined;
		throw error;
	} finally {
		setVariables(before);
	}
}
