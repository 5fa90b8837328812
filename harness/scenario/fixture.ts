/**
 * A fixture is made once and used by several scenarios that do not change it. It has a name, the place where it is declared,
 * and a function that makes it. While it exists, a file beside the cluster's consoles describes it, so that the next scenario
 * file (another process) can use it. At most one exists at a time; the last one is removed with the machines.
 */
import type {Overlay} from '../swarm/index.ts';
import {isRefused} from './announced.ts';
import {callSite} from './call-site.ts';
import type {Clients} from './clients.ts';
import type {Service} from './service.ts';
import type {Swarm} from './swarm.ts';

/** A part of a fixture. Each type of part can be described in a file, found again and removed. */
export type Part = Overlay | Service | Clients;

export interface Fixture<Parts extends Record<string, Part> = Record<string, Part>> {
	readonly name: string;
	/** Where it is declared. */
	readonly source: {file: string; line?: number};
	readonly make: (swarm: Swarm) => Promise<Parts>;
}

/** Declares a fixture. `make` returns its parts; it runs when the first scenario needs the fixture. */
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

/** Finds a fixture that was declared in this process. */
export function findFixture(name: string): Fixture | undefined {
	return declared.find(each => each.name === name) as Fixture | undefined;
}

/** Returns the identity of a fixture on its machines. */
export function keyOf({name, source}: Pick<Fixture, 'name' | 'source'>): string {
	return `${source.file}: ${name}`;
}
