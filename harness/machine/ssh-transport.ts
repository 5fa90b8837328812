/** Runs commands and copies files with OpenSSH, on one connection that all processes of this host share. */
import {type ChildProcessByStdio, spawn} from 'node:child_process';
import type {Readable} from 'node:stream';
import type {SshHandle} from '../model/index.ts';
import {type ConnectOptions, closeConnection, isOpen, openConnection} from './connection.ts';
import {remote, scpArguments, sshArguments} from './ssh.ts';
import type {Transport, TransportOptions, TransportResult} from './transport.ts';

/** Messages of ssh itself when the connection failed. */
const sshMessages =
	/^(ssh:|mux_client|Control socket|kex_exchange|Connection (to|closed|reset|timed)|Timeout, server|client_loop|.*Permission denied \(|Connection refused)/m;

/** Exit code of ssh for its own errors. A command on the machine may end with it as well. */
const ownExitCode = 255;

const largestOutputBytes = 64 * 1024 * 1024;

/** Options that forbid a second connection: if the shared one is gone, the command fails. */
const command = ['-T', '-o', 'ControlMaster=no'];

export class SshTransport implements Transport {
	readonly #handle: SshHandle;

	constructor(handle: SshHandle) {
		this.#handle = handle;
	}

	async open(options: ConnectOptions = {}): Promise<void> {
		await openConnection(this.#handle, options);
	}

	async exec(line: string, {timeoutMs, input, signal}: TransportOptions): Promise<TransportResult> {
		const {execa} = await import('execa');
		const {exitCode, stdout, stderr, durationMs, timedOut, isCanceled} = await execa(
			'ssh',
			sshArguments(this.#handle, command).concat('--', line),
			{
				reject: false,
				timeout: timeoutMs,
				stripFinalNewline: true,
				maxBuffer: largestOutputBytes,
				...(input === undefined ? {stdin: 'ignore' as const} : {input}),
				cancelSignal: signal,
			},
		);
		const ended = {exitCode, stdout, stderr, durationMs, timedOut, isCanceled};
		const isLost =
			!timedOut &&
			!isCanceled &&
			(exitCode === undefined || (exitCode === ownExitCode && (await this.#isOwnTrouble(stderr))));
		return isLost ? {...ended, lost: stderr.trim() || 'the connection was lost'} : ended;
	}

	start(line: string): ChildProcessByStdio<null, Readable, Readable> {
		return spawn('ssh', sshArguments(this.#handle, [...command, '--']).concat(line), {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
	}

	async copyTo(local: string, path: string, options: TransportOptions): Promise<string | undefined> {
		return this.#copy(local, remote(this.#handle, path), options);
	}

	async copyFrom(path: string, local: string, options: TransportOptions): Promise<string | undefined> {
		return this.#copy(remote(this.#handle, path), local, options);
	}

	async close(): Promise<void> {
		await closeConnection(this.#handle);
	}

	async #copy(source: string, target: string, {timeoutMs, signal}: TransportOptions): Promise<string | undefined> {
		const {execa} = await import('execa');
		const {failed, shortMessage, all} = await execa('scp', scpArguments(this.#handle, source, target), {
			reject: false,
			timeout: timeoutMs,
			all: true,
			cancelSignal: signal,
		});
		return failed ? `${shortMessage ?? 'failed'}\n${all ?? ''}`.trim() : undefined;
	}

	/** ssh ends with 255 for its own errors, but also if the command ended with 255 or by a signal. */
	async #isOwnTrouble(stderr: string): Promise<boolean> {
		return stderr === '' ? !(await isOpen(this.#handle)) : sshMessages.test(stderr);
	}
}
