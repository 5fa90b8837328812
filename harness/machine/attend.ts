/** The process that stands between this host and containers: see attend-process.ts. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** What is at the end of a way that leads into a container. */
export interface Attended {
	daemon: string;
	container: string;
	/** Leads to the engine in the container, as long as that runs. */
	socket: string;
	/** File that gets the container's log, from the first line on. */
	console?: string;
}

/** Starts the process that leads from sockets of this host to engines in containers. It ends with the containers. Returns its pid. */
export function attend(those: readonly Attended[], log: string): number {
	const output = fs.openSync(log, 'a');
	const child = spawn(process.execPath, [path.join(import.meta.dirname, 'attend-process.ts'), JSON.stringify(those)], {
		detached: true,
		stdio: ['ignore', output, output],
	});
	fs.closeSync(output);
	child.unref();
	return child.pid!;
}

/** Whether a process listens at a socket. */
export async function answers(socket: string): Promise<boolean> {
	return new Promise(resolve => {
		const connection = net.connect(socket);
		connection.once('connect', () => {
			connection.destroy();
			resolve(true);
		});
		connection.once('error', () => resolve(false));
	});
}
