/** How Machine and follow.ts run commands on a machine and copy files, whatever the connection is. */
import type {EventEmitter} from 'node:events';
import type {Readable} from 'node:stream';
import type {ExecHandle, MachineHandle, SshHandle} from '../model/index.ts';
import type {ConnectOptions} from './connection.ts';
import {ExecTransport} from './exec-transport.ts';
import {SshTransport} from './ssh-transport.ts';

export interface TransportOptions {
	timeoutMs: number;
	/** Standard input of the command; none by default. */
	input?: string | Uint8Array;
	signal?: AbortSignal;
}

export interface TransportResult {
	/** Undefined if the command was ended. */
	exitCode: number | undefined;
	stdout: string;
	stderr: string;
	durationMs: number;
	timedOut: boolean;
	isCanceled: boolean;
	/** The error message if the connection to the machine failed; the command may not have run then. */
	lost?: string;
}

/** A command whose output is read while it runs. It emits `close` with its exit code, or with null if it was killed. */
export interface Started extends EventEmitter {
	stdout: Readable;
	stderr: Readable;
	kill(signal?: NodeJS.Signals): boolean;
}

/** A connection to one machine. A command that fails is a result: no method throws because of it. */
export interface Transport {
	/** Opens the connection unless it is open; retries while the machine is not up yet. Throws MachineError. */
	open(options?: ConnectOptions): Promise<void>;
	/** Runs a shell command line. */
	exec(line: string, options: TransportOptions): Promise<TransportResult>;
	/**
	 * Starts a shell command line; the caller reads its output. Exit code 255 of the process means that the connection failed.
	 */
	start(line: string): Started;
	/** Copies a file or folder of this host to the machine. Returns why it failed, in words; undefined if it did not. */
	copyTo(local: string, remote: string, options: TransportOptions): Promise<string | undefined>;
	/** Copies a file or folder of the machine to this host. Returns as `copyTo`. */
	copyFrom(remote: string, local: string, options: TransportOptions): Promise<string | undefined>;
	/** Closes the connection that the processes of this host share. Never throws. */
	close(): Promise<void>;
}

/** Returns the transport that a handle names. */
export function transportTo(handle: MachineHandle): Transport {
	switch (handle.reach.by) {
		case 'ssh':
			return new SshTransport(handle as SshHandle);
		case 'docker-exec':
			return new ExecTransport(handle as ExecHandle);
	}
}
