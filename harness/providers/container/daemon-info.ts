/** What the Docker host says of itself. */
import {HarnessError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {daemonTrouble, openDaemon} from '../../machine/daemon.ts';
import type {DaemonAddress} from '../../model/index.ts';
import type {DaemonInfo} from './daemon-checks.ts';

/** Returns `docker info`. @throws HarnessError if the Docker host does not answer */
export async function readInfo(address: DaemonAddress): Promise<DaemonInfo> {
	try {
		return (await openDaemon(address, limits.dockerHostAnswer).info()) as DaemonInfo;
	} catch (error) {
		throw new HarnessError(daemonTrouble(address, error).replace(/^the/, 'The'), {
			cause: error,
			remedy: 'swarmlab doctor --provider container',
		});
	}
}

/** Returns the facts for the record. Never throws: if the Docker host does not answer, its cells are broken and say so. */
export async function factsOf(address: DaemonAddress): Promise<Record<string, string>> {
	const described = await readInfo(address).then(
		({ServerVersion, KernelVersion}) => `Docker ${ServerVersion} on kernel ${KernelVersion}, at ${address.url}`,
		(error: Error) => error.message,
	);
	return {'docker-host': described};
}
