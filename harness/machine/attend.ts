/** The process that stands between this host and containers: see attend-process.ts. */
import {type ChildProcess, spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import type {DaemonAddress} from '../model/index.ts';
import {modulePath} from '../package.ts';

/** A container, and the files of this host that belong to it. */
export interface Attended {
	daemon: DaemonAddress;
	container: string;
	/** Path of the socket that is connected with the engine while the container runs. Absent: it has no engine. */
	socket?: string;
	/** File for the log of the container, from the first line on. */
	console?: string;
	/** The file has the log of the container before this one, and keeps it. */
	append?: boolean;
}

/**
 * The process that leads from sockets of this host to engines in containers. It is started before there are containers, as its
 * start takes as long as theirs. It ends with the containers, or with this process while it has none.
 */
export class Attendant {
	readonly #child: ChildProcess;
	readonly #log: string;

	/** @param log file for what goes wrong */
	constructor(log: string) {
		const output = fs.openSync(log, 'a');
		this.#log = log;
		this.#child = spawn(process.execPath, [modulePath(import.meta.dirname, 'attend-process')], {
			detached: true,
			stdio: ['ignore', output, output, 'ipc'],
		});
		fs.closeSync(output);
		// It does not keep this process; `attend` waits for it.
		this.#child.unref();
		this.#child.channel?.unref();
		this.#child.on('error', () => {});
	}

	/** Returns when it listens at all sockets. Throws Error if it has ended. From then on it outlives this process. */
	async attend(those: readonly Attended[]): Promise<void> {
		const child = this.#child;
		child.ref();
		child.channel?.ref();
		try {
			await new Promise<void>((resolve, reject) => {
				const ended = () => reject(new Error(`The process that leads to containers has ended; its log: ${this.#log}`));
				child.once('message', () => resolve()).once('exit', ended);
				child.send(those, error => error && ended());
			});
		} finally {
			child.unref();
			this.dismiss();
		}
	}

	/** Ends it if it has no containers. */
	dismiss(): void {
		if (this.#child.connected) {
			this.#child.disconnect();
		}
	}
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
