/** Removes what belongs to a lease: its processes and folders, and what providers made for it elsewhere. */
import {type CleanupResult, cleanUpLease, type Lease, readLeases} from '../processes/leases.ts';
import type {Leftover} from '../providers/provider.ts';
import {providers} from '../providers/providers.ts';

/** Removes everything that belongs to a lease. Never throws: returns what it could not remove. */
export async function releaseLease(lease: Lease, all = providers): Promise<CleanupResult> {
	// First the processes, which might still make more.
	const cleared = await cleanUpLease(lease);
	const mine = (await allLeftovers(all)).filter(each => each.isOf(lease.id));
	return {...cleared, outside: mine.map(nameOf), leftovers: [...cleared.leftovers, ...(await removeLeftovers(mine))]};
}

/** Finds what providers made on this host for a lease that does not exist any more: even its folder was lost. */
export async function findOrphans(): Promise<Leftover[]> {
	const leases = readLeases();
	return (await allLeftovers()).filter(each => !leases.some(({id}) => each.isOf(id)));
}

/** Finds what providers made on this host for one of these leases. */
export async function findOutside(leases: readonly Lease[]): Promise<Leftover[]> {
	return (await allLeftovers()).filter(each => leases.some(({id}) => each.isOf(id)));
}

export function nameOf({kind, name}: Leftover): string {
	return `${kind} ${name}`;
}

/** Removes what providers made. Never throws: returns what is left. */
export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<string[]> {
	const left: string[] = [];
	// In their order, those of a kind at once: a network can be removed when no machine is on it any more.
	for (const those of runsOfAKind(leftovers)) {
		left.push(...(await Promise.all(those.map(async each => each.remove()))).flat());
	}

	return left;
}

/** Neighbours of the same kind, together. */
function runsOfAKind(leftovers: readonly Leftover[]): Leftover[][] {
	const runs: Leftover[][] = [];
	for (const each of leftovers) {
		const last = runs.at(-1);
		if (last?.[0]?.kind === each.kind) {
			last.push(each);
		} else {
			runs.push([each]);
		}
	}

	return runs;
}

async function allLeftovers(all = providers): Promise<Leftover[]> {
	const found = await Promise.all(
		Object.values(all).map(async provider => (await provider.leftovers?.().catch(() => [])) ?? []),
	);
	return found.flat();
}
