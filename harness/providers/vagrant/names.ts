/** Names of Vagrant's machines and networks. The name alone shows which user and lease they belong to. */
import {createHash} from 'node:crypto';
import path from 'node:path';
import * as paths from '../../paths.ts';

/** Returns the prefix of all names of this user's runs. Each state folder has a prefix of its own. */
export function ownPrefix(state: string = paths.state): string {
	return `sl-${createHash('sha256').update(path.resolve(state)).digest('hex').slice(0, 6)}-`;
}

/** Returns the prefix of one swarm. @param runtime its folder of sockets, whose name is unique and begins with the lease */
export function swarmPrefix(runtime: string): string {
	return `${ownPrefix()}${path.basename(runtime)}-`;
}

/** Whether a name belongs to a lease. */
export function belongsTo(name: string, lease: string): boolean {
	return name.startsWith(`${ownPrefix()}${lease}-`);
}
