/**
 * What several scenarios only look at is made once. An arrangement is a value: a name, where it was written, and how
 * it is made. While it stands it is described by a file in the cell's folder, so that the next scenario file
 * (another process) goes on with it. At most one stands at a time; the last one goes with the machines.
 */
import type {CellFile} from '../model.ts';
import type {Overlay} from '../swarm/index.ts';
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
	return {name, source: callSite(), make};
}

/** Identity of an arrangement in a cell: another repetition begins afresh. */
export function keyOf(
	{name, source}: Pick<Arrangement, 'name' | 'source'>,
	{repetition}: Pick<CellFile, 'repetition'>,
): string {
	return `${source.file}: ${name} (${repetition})`;
}
