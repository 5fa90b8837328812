/** What dead runs left on this host, and its removal. */
import {removeAbandoned} from '../images/stored.ts';
import {type Clearance, isAbandoned, type Lease, readLeases} from '../processes/leases.ts';
import {processesOf} from '../processes/processes.ts';
import {findOrphans, nameOf, removeLeftovers, takeBack} from './clear.ts';

export interface Garbage {
	lease: Lease;
	processes: string[];
	folders: string[];
}

/** Leases whose owner died, with what belongs to them. `all` takes in what was kept on purpose. */
export function findGarbage({all = false} = {}): Garbage[] {
	return readLeases()
		.filter(lease => isAbandoned(lease) || (all && lease.kept))
		.map(lease => ({
			lease,
			processes: processesOf(lease.id).map(({pid, command}) => `${pid} ${command}`),
			folders: lease.folders,
		}));
}

/** Removes it. Never throws: says for each lease what it could not remove. */
export async function collectGarbage({all = false} = {}): Promise<Clearance[]> {
	const cleared = await Promise.all(findGarbage({all}).map(async ({lease}) => takeBack(lease)));
	const orphans = await findOrphans();
	if (orphans.length > 0) {
		const leftovers = await removeLeftovers(orphans);
		cleared.push({lease: 'no run', processes: [], folders: [], outside: orphans.map(nameOf), leftovers});
	}

	// Builders end with their lease; what they had not finished is in the cache.
	const folders = await removeAbandoned();
	return folders.length === 0
		? cleared
		: [...cleared, {lease: 'unfinished artifacts', processes: [], folders, leftovers: []}];
}
