/** Finds what dead runs left on this host, and removes it. */
import fs from 'node:fs';
import {type CleanupResult, isAbandoned, readLeases} from '../processes/leases.ts';
import {processesOf} from '../processes/processes.ts';
import {findAbandoned, removeAbandoned} from '../store/stored.ts';
import {findOrphans, findOutside, nameOf, releaseLease, removeLeftovers} from './cleanup.ts';

/** What there is to remove of one lease, or of no lease. `remove` removes what is listed. */
export interface Garbage extends Omit<CleanupResult, 'leftovers'> {
	remove: () => Promise<CleanupResult>;
}

/** Finds leases whose owner died, what belongs to them, and what belongs to no lease. `all` includes what was kept on purpose. */
export async function findGarbage({all = false} = {}): Promise<Garbage[]> {
	const leases = readLeases().filter(lease => isAbandoned(lease) || (all && lease.kept));
	const [outside, orphans, unfinished] = await Promise.all([findOutside(leases), findOrphans(), findAbandoned()]);
	const ofLeases = leases.map(
		(lease): Garbage => ({
			lease: lease.id,
			processes: processesOf(lease.id).map(({pid, command}) => `${pid} ${command}`),
			folders: lease.folders.filter(name => fs.existsSync(name)),
			outside: outside.filter(each => each.isOf(lease.id)).map(nameOf),
			remove: async () => releaseLease(lease),
		}),
	);
	const none = {processes: [], folders: [], outside: []};
	return [
		...ofLeases,
		...(orphans.length > 0
			? [
					{
						...none,
						lease: 'no run',
						outside: orphans.map(nameOf),
						remove: async () => ({
							...none,
							lease: 'no run',
							outside: orphans.map(nameOf),
							leftovers: await removeLeftovers(orphans),
						}),
					},
				]
			: []),
		// Builders end with their lease, but their unfinished artifacts are in the cache.
		...(unfinished.length > 0
			? [
					{
						...none,
						lease: unfinishedName,
						folders: unfinished,
						remove: async () => ({...none, lease: unfinishedName, folders: await removeAbandoned(), leftovers: []}),
					},
				]
			: []),
	];
}

const unfinishedName = 'unfinished artifacts';

/** Removes what `findGarbage` finds. Never throws: returns for each lease what it could not remove. */
export async function collectGarbage({all = false} = {}): Promise<CleanupResult[]> {
	const garbage = await findGarbage({all});
	const ofLeases = garbage.filter(({lease}) => lease !== unfinishedName);
	const cleared = await Promise.all(ofLeases.map(async ({remove}) => remove()));
	// Only now: builders that ran for these leases have ended and left unfinished artifacts.
	const folders = await removeAbandoned();
	return folders.length === 0
		? cleared
		: [...cleared, {lease: unfinishedName, processes: [], folders, outside: [], leftovers: []}];
}
