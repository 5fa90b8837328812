/** One computer of a cell: commands, files and its Docker API. */
import type Docker from 'dockerode';
import pLimit from 'p-limit';
import {CommandError, EngineError, type MachineError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {MachineHandle, Role} from '../model/index.ts';
import {runActivity} from './activity.ts';
import {isAlive, unreachable} from './connection.ts';
import {consoleTail} from './console.ts';
import {engineTrouble, hangUp, neverSent, openDocker} from './docker.ts';
import {recordMisuse} from './misuse.ts';
import {nsenter} from './namespaces.ts';
import {quoteAll} from './quote.ts';
import {type Transport, type TransportOptions, transportTo} from './transport.ts';

export interface ExecResult {
	exitCode: number;
	stdout: string;
	stderr: string;
	seconds: number;
}

export interface ExecOptions {
	/** Seconds; `limits.exec` by default. */
	timeout?: number;
	/** Standard input of the command; none by default. */
	input?: string | Uint8Array;
}

/** A shell command line, or the words of a command, which are quoted. */
export type Command = string | readonly string[];

/** sshd refuses the eleventh session on one connection (MaxSessions). */
const sessions = 8;

/** A connected machine; `connect()` makes it. */
export class Machine {
	readonly handle: MachineHandle;
	readonly docker: Docker;
	readonly #transport: Transport;
	readonly #sessions = pLimit(sessions);

	constructor(handle: MachineHandle) {
		this.handle = handle;
		this.docker = openDocker(handle);
		this.#transport = transportTo(handle);
	}

	get name(): string {
		return this.handle.name;
	}

	get role(): Role {
		return this.handle.role;
	}

	/** Address on the LAN between the machines. */
	get address(): string {
		return this.handle.address;
	}

	/** Whether its process runs; a hung machine is alive too. */
	get alive(): boolean {
		return isAlive(this.handle);
	}

	/** Runs a command and returns how it ended, also if it failed. Throws MachineError, or CommandError if it takes too long. */
	async exec(command: Command, options: ExecOptions = {}): Promise<ExecResult> {
		const line = typeof command === 'string' ? command : quoteAll(command);
		return this.#sessions(() =>
			runActivity(`${this.name}: ${shorten(line)}`, async (_, signal) => {
				const {timeout = limits.exec, input} = options;
				const {exitCode, stdout, stderr, durationMs, timedOut, isCanceled, lost} = await this.#transport.exec(line, {
					timeoutMs: timeout * 1000,
					input,
					signal,
				});
				if (timedOut) {
					throw this.#commandError(line, `took longer than ${timeout} s`, {output: `${stdout}\n${stderr}`});
				}

				if (isCanceled) {
					throw this.#commandError(line, 'was ended, as its time was up', {output: `${stdout}\n${stderr}`});
				}

				if (lost !== undefined || exitCode === undefined) {
					throw unreachable(this.handle, `${shorten(line)}: ${lost ?? 'it was ended'}`);
				}

				recordMisuse(this.name, shorten(line), exitCode, stderr);
				return {exitCode, stdout, stderr, seconds: durationMs / 1000};
			}),
		);
	}

	/** Runs a command that must succeed and returns its standard output. Throws CommandError with all its output. */
	async run(command: Command, options: ExecOptions = {}): Promise<string> {
		const {exitCode, stdout, stderr} = await this.exec(command, options);
		if (exitCode !== 0) {
			const line = typeof command === 'string' ? command : quoteAll(command);
			throw this.#commandError(line, `ended with ${exitCode}`, {exitCode, output: `${stdout}\n${stderr}`});
		}

		return stdout;
	}

	/**
	 * Runs a command in the network and mount namespaces of a process of this machine. That costs about 10 ms, where
	 * `docker exec` costs seconds.
	 */
	async inNamespacesOf(pid: number, command: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
		return this.exec(nsenter(['-t', String(pid), '-m', '-n'], command), options);
	}

	/** Runs a command in the network and mount namespaces of a container of this machine's engine. */
	async inContainer(containerId: string, command: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
		return this.inNamespacesOf(await this.pidOf(containerId), command, options);
	}

	/** Returns the process id of a running container. Throws EngineError if there is no such container. */
	async pidOf(containerId: string): Promise<number> {
		const {State} = await this.ask(`inspect container ${containerId.slice(0, 12)}`, docker =>
			docker.getContainer(containerId).inspect(),
		);
		return State.Pid;
	}

	/** Copies a file or folder of this host to the machine. Throws CommandError. */
	async copyTo(local: string, path: string): Promise<void> {
		await this.#copy(`copy ${local} to ${path}`, async options => this.#transport.copyTo(local, path, options));
	}

	/** Copies a file or folder of the machine to this host. Throws CommandError. */
	async copyFrom(path: string, local: string): Promise<void> {
		await this.#copy(`copy ${path} to ${local}`, async options => this.#transport.copyFrom(path, local, options));
	}

	/**
	 * Calls the engine's API. The error names `what`: EngineError if the engine answered with an error, MachineError if it did
	 * not answer. If the forwarded socket is gone, it is forwarded again and the call repeated, once: nothing was sent before.
	 */
	async ask<T>(what: string, call: (docker: Docker) => Promise<T>): Promise<T> {
		return runActivity(`${this.name}: ${what}`, async () => {
			try {
				return await call(this.docker);
			} catch (error) {
				if (!neverSent(error) || !this.alive) {
					throw engineTrouble(this.handle, what, error);
				}
			}

			await this.#transport.open();
			return call(this.docker).catch((error: unknown) => {
				throw engineTrouble(this.handle, what, error);
			});
		});
	}

	/** Calls the engine's API as `ask` does, but returns undefined if the engine answers 404 (no such object). */
	async find<T>(what: string, call: (docker: Docker) => Promise<T>): Promise<T | undefined> {
		try {
			return await this.ask(what, call);
		} catch (error) {
			if (error instanceof EngineError && error.status === 404) {
				return undefined;
			}

			throw error;
		}
	}

	/** Returns the last lines of its serial console. */
	consoleTail(lines?: number): string[] {
		return consoleTail(this.handle.console, lines);
	}

	/** Returns an error for a machine that is not as it should be, with the end of its console. */
	trouble(why: string, cause?: unknown): MachineError {
		return unreachable(this.handle, why, cause);
	}

	/** Starts a shell command line whose output is read while it runs. See follow.ts, which ends it in all cases. */
	start(line: string): ReturnType<Transport['start']> {
		return this.#transport.start(line);
	}

	/** Closes this process's own connection to the engine; the next request opens another. */
	hangUp(): void {
		hangUp(this.docker);
	}

	/** Opens the shared connection unless it is open: after the machine was switched on, for example. Throws MachineError. */
	async reconnect(): Promise<void> {
		await this.#transport.open({limit: limits.boot});
	}

	/** Closes the shared connection, for every process of this host, and this process's own connection to the engine. */
	async disconnect(): Promise<void> {
		this.hangUp();
		await this.#transport.close();
	}

	async #copy(what: string, copy: (options: TransportOptions) => Promise<string | undefined>): Promise<void> {
		await runActivity(`${this.name}: ${what}`, async (_, signal) => {
			const trouble = await copy({timeoutMs: limits.exec * 1000, signal});
			if (trouble !== undefined) {
				throw this.#commandError(what, 'failed', {output: trouble});
			}
		});
	}

	#commandError(line: string, how: string, result: {exitCode?: number | undefined; output: string}): CommandError {
		const output = result.output.trim();
		return new CommandError(`${this.name}: ${line}: ${how}${output ? `\n${output}` : ' and said nothing'}`, {
			...result,
			output,
		});
	}
}

function shorten(line: string): string {
	const first = line.split('\n')[0] ?? '';
	return first.length > 100 ? `${first.slice(0, 99)}…` : first;
}
