/** A file for each swarm with its Docker host: `gc` and `down` may be called without DOCKER_HOST, and after a crash. */
import fs from 'node:fs';
import path from 'node:path';
import type {DaemonAddress} from '../../model/index.ts';
import * as paths from '../../paths.ts';
import {object, optional, readStored, text} from '../../shape.ts';
import {writeAtomically} from '../../write-atomically.ts';

export interface SwarmRecord {
	swarm: string;
	address: DaemonAddress;
}

const shape = object<DaemonAddress>({url: text(), certificates: optional(text()), socket: optional(text())});

const folder = path.join(paths.state, 'docker-hosts');

/** Returns the path of a swarm's file. */
export function recordFile(swarm: string): string {
	return path.join(folder, `${swarm}.json`);
}

/** Writes the file. To be called before anything is made on the Docker host. */
export function recordSwarm(swarm: string, {socket, ...address}: DaemonAddress): void {
	fs.mkdirSync(folder, {recursive: true});
	// The socket of a forward is removed with its run.
	writeAtomically(recordFile(swarm), `${JSON.stringify(address, undefined, '\t')}\n`);
}

/** Removes the file. To be called when nothing of the swarm is left. */
export function forgetSwarm(swarm: string): void {
	fs.rmSync(recordFile(swarm), {force: true});
}

/** Returns the swarms that may still have something on a Docker host. A file that cannot be read is left out. */
export function recordedSwarms(): SwarmRecord[] {
	const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter(name => name.endsWith('.json')) : [];
	return names.flatMap(name => {
		const {value} = readStored(path.join(folder, name), shape);
		return value === undefined ? [] : [{swarm: path.basename(name, '.json'), address: value}];
	});
}
