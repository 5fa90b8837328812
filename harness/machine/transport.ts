/** The way to a machine: all that Machine, and a command whose output is followed, need of it. */
import type {EventEmitter} from 'node:events';
import type {Readable} from 'node:stream';
import type {ExecHandle, MachineHandle, SshHandle} from '../model/index.ts';
import type {ConnectOptions} from './connection.ts';
import {ExecTransport} from './exec-transport.ts';
import {SshTransport} from './ssh-transport.ts';

export interface TransportOptions {
	timeoutMs: number;
	/** What the command reads from its standard input; nothing unless said. */
	input?: string | Uint8Array;
	signal?: AbortSignal;
}

export interface TransportResult {
	/** Undefined when it was ended. */
	exitCode: number | undefined;
	stdout: string;
	stderr: string;
	durationMs: number;
	timedOut: boolean;
	isCanceled: boolean;
	/** The way to the machine failed, and this is what was said of it: the command may not have run. */
	lost?: string;
}

/** A command whose output is read as it comes. It emits `close` with its exit code, or with null where it was ended. */
export interface Started extends EventEmitter {
	stdout: Readable;
	stderr: Readable;
	kill(signal?: NodeJS.Signals): boolean;
}

/** None of these throws for how a command ended. */
export interface Transport {
	/** Opens the way unless it is open; tries again while the machine is not there yet. Throws MachineError. */
	open(options?: ConnectOptions): Promise<void>;
	/** Runs a shell command line. */
	exec(line: string, options: TransportOptions): Promise<TransportResult>;
	/**
	 * Starts a shell command line and leaves its output to the caller. Exit code 255 of the process is the way's that failed.
	 */
	start(line: string): Started;
	/** Copies a file or folder of this host to the machine, or the other way: what could not be copied, in words. */
	copyTo(local: string, remote: string, options: TransportOptions): Promise<string | undefined>;
	copyFrom(remote: string, local: string, options: TransportOptions): Promise<string | undefined>;
	/** Closes what is shared between the processes of this host. Never throws. */
	close(): Promise<void>;
}

/** The way that a handle names. */
export function transportTo(handle: MachineHandle): Transport {
	switch (handle.reach.by) {
		case 'ssh':
			return new SshTransport(handle as SshHandle);
		case 'docker-exec':
			return new ExecTransport(handle as ExecHandle);
	}
}
