/**
 * What several scenarios only look at is made once. An arrangement is a value: a name, where it was written, and how
 * it is made. While it stands it is described by a file beside the cluster's consoles, so that the next scenario file
 * (another process) goes on with it. At most one stands at a time; the last one goes with the machines.
 */
import type {Overlay} from '../swarm/index.ts';
import {isRefused} from './announced.ts';
import {callSite} from './call-site.ts';
import type {Clients} from './clients.ts';
import type {Service} from './service.ts';
import type {Swarm} from './swarm.ts';

/** What an arrangement may consist of: what can be told in a file, found again and removed. */
export type Part = Overlay | Service | Clients;

export interface Arrangement<Parts extends Record<string, Part> = Record<string, Part>> {
	readonly name: string;
	/** Where it was written. */
	readonly source: {file: string; line?: number};
	readonly make: (swarm: Swarm) => Promise<Parts>;
}

/** Declares an arrangement; `make` runs when the first scenario needs it. */
export function arrangement<Parts extends Record<string, Part>>(
	name: string,
	make: (swarm: Swarm) => Promise<Parts>,
): Arrangement<Parts> {
	if (typeof name !== 'string' || name.trim() === '' || typeof make !== 'function') {
		isRefused(callSite(), ['arrangement(name, make): name is a text and make is a function.']);
	}

	const made = {name, source: callSite(), make};
	declared.push(made as Arrangement<never>);
	return made;
}

const declared: Arrangement<never>[] = [];

/** An arrangement that was declared in this process. */
export function findArrangement(name: string): Arrangement | undefined {
	return declared.find(each => each.name === name) as Arrangement | undefined;
}

/** Identity of an arrangement on the machines that it stands on. */
export function keyOf({name, source}: Pick<Arrangement, 'name' | 'source'>): string {
	return `${source.file}: ${name}`;
}
