/** What containers and networks of ours are labelled with, so that whose they are is known when nothing else is left. */
import {createHash} from 'node:crypto';
import path from 'node:path';
import * as paths from '../../paths.ts';

/** Whose it is: this user's runs, by their state folder. */
export const ownerLabel = 'swarmlab.owner';

/** Which swarm it belongs to; the name of a swarm begins with its lease. */
export const swarmLabel = 'swarmlab.swarm';

/** Images that runs have made; nobody owns them, as they are the same for all. */
export const imageLabel = 'swarmlab.image';

/** The label of everything that the runs of this user make. A user with another state folder has another label. */
export function owner(state: string = paths.state): string {
	return createHash('sha256').update(path.resolve(state)).digest('hex').slice(0, 6);
}

/** @param runtime the swarm's folder of sockets, whose name begins with the lease and is no other swarm's */
export function labelsOf(runtime: string): Record<string, string> {
	return {[ownerLabel]: owner(), [swarmLabel]: path.basename(runtime)};
}

/** Begins the names of a swarm's containers and networks. */
export function prefixOf(runtime: string): string {
	return `sl-${owner()}-${path.basename(runtime)}-`;
}

/** Whether a swarm was brought up in the name of a lease. */
export function belongsTo(swarm: string, lease: string): boolean {
	return swarm === lease || swarm.startsWith(`${lease}-`);
}
