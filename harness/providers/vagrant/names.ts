/** What machines of Vagrant and their networks are called, so that whose they are is known when nothing else is left. */
import {createHash} from 'node:crypto';
import path from 'node:path';
import * as paths from '../../paths.ts';

/** Of all that this user's runs make, and nobody else's: whoever keeps his state elsewhere has another one. */
export function ownPrefix(state: string = paths.state): string {
	return `sl-${createHash('sha256').update(path.resolve(state)).digest('hex').slice(0, 6)}-`;
}

/** Of one swarm. @param runtime its folder of sockets, whose name begins with the lease and is no other swarm's. */
export function swarmPrefix(runtime: string): string {
	return `${ownPrefix()}${path.basename(runtime)}-`;
}

/** Whether a name was given in the name of a lease. */
export function belongsTo(name: string, lease: string): boolean {
	return name.startsWith(`${ownPrefix()}${lease}-`);
}
