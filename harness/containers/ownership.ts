/** Who owns containers of a program: a lease of its process, so that nothing is left when the process is killed. */
import path from 'node:path';
import pLimit from 'p-limit';
import {leaseVariable, variable} from '../environment.ts';
import * as paths from '../paths.ts';
import {isAbandoned, type Lease, leaseFolder, readLeases, takeLease} from '../processes/leases.ts';
import {releaseLease} from '../run/cleanup.ts';
import {newRunId} from '../run/run-id.ts';

/** Leases of programs begin with it, as in by-hand.ts. */
const owner = 'program';

/** Removes what programs left that are gone: killed, or ended without `stop`. `swarmlab gc` does the same. */
export async function removeAbandoned(): Promise<void> {
	const abandoned = readLeases().filter(lease => lease.id.startsWith(`${owner}-`) && isAbandoned(lease));
	await Promise.all(abandoned.map(async lease => releaseLease(lease)));
}

/** Takes a lease, with a folder for files and one for sockets that are removed with it. */
export function takeOwnership(): {lease: Lease; folder: string; runtime: string} {
	const id = `${owner}-${newRunId()}`;
	const lease = takeLease(id);
	return {
		lease,
		folder: leaseFolder(lease, path.join(paths.programs, id)),
		runtime: leaseFolder(lease, path.join(paths.runtime, id)),
	};
}

/** The environment of this process names one lease at a time. */
const oneByOne = pLimit(1);

/**
 * Runs `body`, which takes a lease, after those before it. Only the processes that it starts belong to the lease: those that the
 * program starts later are not ended with it.
 */
export async function withOwnProcesses<T>(body: () => Promise<T>): Promise<T> {
	return oneByOne(async () => {
		const before = variable(leaseVariable);
		try {
			return await body();
		} finally {
			if (before === undefined) {
				delete process.env[leaseVariable];
			} else {
				process.env[leaseVariable] = before;
			}
		}
	});
}
