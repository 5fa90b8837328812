/** Takes back what a lease has: its processes and folders, and what providers have elsewhere in its name. */
import {type Clearance, clearLease, type Lease, readLeases} from '../processes/leases.ts';
import type {Leftover} from '../providers/provider.ts';
import {providers} from '../providers/providers.ts';

/** Never throws: says what it could not remove. */
export async function takeBack(lease: Lease, all = providers): Promise<Clearance> {
	// First who might still be making more of it.
	const cleared = await clearLease(lease);
	const mine = (await allLeftovers(all)).filter(each => each.isOf(lease.id));
	return {...cleared, outside: mine.map(nameOf), leftovers: [...cleared.leftovers, ...(await removeLeftovers(mine))]};
}

/** What providers have on this host in the name of no lease that there is: even its folder was lost. */
export async function findOrphans(): Promise<Leftover[]> {
	const leases = readLeases();
	return (await allLeftovers()).filter(each => !leases.some(({id}) => each.isOf(id)));
}

/** What providers have on this host in the name of one of these leases. */
export async function findOutside(leases: readonly Lease[]): Promise<Leftover[]> {
	return (await allLeftovers()).filter(each => leases.some(({id}) => each.isOf(id)));
}

export function nameOf({kind, name}: Leftover): string {
	return `${kind} ${name}`;
}

/** Never throws: says what is left. */
export async function removeLeftovers(leftovers: readonly Leftover[]): Promise<string[]> {
	const left: string[] = [];
	// In their order: a network goes when no machine is on it any more.
	for (const each of leftovers) {
		left.push(...(await each.remove()));
	}

	return left;
}

async function allLeftovers(all = providers): Promise<Leftover[]> {
	const found = await Promise.all(
		Object.values(all).map(async provider => (await provider.leftovers?.().catch(() => [])) ?? []),
	);
	return found.flat();
}
