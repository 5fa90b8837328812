/**
 * What several scenarios only look at is made once. A fixture is a value: a name, where it was written, and how
 * it is made. While it stands it is described by a file beside the cluster's consoles, so that the next scenario file
 * (another process) goes on with it. At most one stands at a time; the last one goes with the machines.
 */
import type {Overlay} from '../swarm/index.ts';
import {isRefused} from './announced.ts';
import {callSite} from './call-site.ts';
import type {Clients} from './clients.ts';
import type {Service} from './service.ts';
import type {Swarm} from './swarm.ts';

/** What a fixture may consist of: what can be told in a file, found again and removed. */
export type Part = Overlay | Service | Clients;

export interface Fixture<Parts extends Record<string, Part> = Record<string, Part>> {
	readonly name: string;
	/** Where it was written. */
	readonly source: {file: string; line?: number};
	readonly make: (swarm: Swarm) => Promise<Parts>;
}

/** Declares a fixture; `make` runs when the first scenario needs it. */
export function fixture<Parts extends Record<string, Part>>(
	name: string,
	make: (swarm: Swarm) => Promise<Parts>,
): Fixture<Parts> {
	if (typeof name !== 'string' || name.trim() === '' || typeof make !== 'function') {
		isRefused(callSite(), ['fixture(name, make): name is a text and make is a function.']);
	}

	const made = {name, source: callSite(), make};
	declared.push(made as Fixture<never>);
	return made;
}

const declared: Fixture<never>[] = [];

/** A fixture that was declared in this process. */
export function findFixture(name: string): Fixture | undefined {
	return declared.find(each => each.name === name) as Fixture | undefined;
}

/** Identity of a fixture on the machines that it stands on. */
export function keyOf({name, source}: Pick<Fixture, 'name' | 'source'>): string {
	return `${source.file}: ${name}`;
}
