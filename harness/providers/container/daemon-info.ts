/** What the Docker host says of itself. */
import type Docker from 'dockerode';
import {HarnessError, HostError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {daemonTrouble, openDaemon} from '../../machine/daemon.ts';
import type {DaemonAddress} from '../../model/index.ts';
import type {DaemonInfo} from './daemon-checks.ts';

/** Returns `docker info`. @throws HarnessError if the Docker host does not answer */
export async function readInfo(address: DaemonAddress): Promise<DaemonInfo> {
	try {
		return await infoOf(address, openDaemon(address, limits.dockerHostAnswer));
	} catch (error) {
		if (error instanceof HostError) {
			throw error;
		}

		throw new HarnessError(daemonTrouble(address, error).replace(/^the/, 'The'), {
			cause: error,
			remedy: 'swarmlab doctor --provider container',
		});
	}
}

/** Returns `docker info`. @throws HostError if something else than Docker answers, and the other errors of the call */
export async function infoOf({url}: DaemonAddress, docker: Docker): Promise<DaemonInfo> {
	const info = (await docker.info().catch((error: {statusCode?: number}) => {
		// Docker has always had this path.
		if (error.statusCode !== 404) {
			throw error;
		}
	})) as Partial<DaemonInfo> | string | undefined;
	// What is no JSON is returned as it came (docker-modem, lib/modem.js).
	if (typeof info !== 'object' || typeof info.ServerVersion !== 'string') {
		throw new HostError(`What answers at ${url} is not Docker`, {
			remedy: 'Look at the host and the port in DOCKER_HOST, or in the endpoint of the Docker context.',
		});
	}

	return info as DaemonInfo;
}

/** Returns the facts for the record. Never throws: if the Docker host does not answer, its cells are broken and say so. */
export async function factsOf(address: DaemonAddress): Promise<Record<string, string>> {
	const described = await readInfo(address).then(
		({ServerVersion, KernelVersion}) => `Docker ${ServerVersion} on kernel ${KernelVersion}, at ${address.url}`,
		(error: Error) => error.message,
	);
	return {'docker-host': described};
}
