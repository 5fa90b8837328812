/** Starts the process that connects this host with engines in containers: see attend-process.ts. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** A container, and the files of this host that belong to it. */
export interface Attended {
	daemon: string;
	container: string;
	/** Path of the socket that is connected with the engine while the container runs. */
	socket: string;
	/** File for the log of the container, from the first line on. */
	console?: string;
	/** The file has the log of the container before this one, and keeps it. */
	append?: boolean;
}

/** Starts the process, which ends when the last container ends. Returns its pid. */
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

/** Returns whether a process listens at a socket. */
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
