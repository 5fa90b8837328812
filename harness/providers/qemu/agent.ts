/**
 * QEMU's guest agent (qemu-ga), over a unix socket. It answers earlier than ssh, needs no handshake, and does not depend on a
 * network. `qemu-ga --help` and QEMU's qga/qapi-schema.json describe its commands.
 */
import net from 'node:net';
import readline from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import pLimit from 'p-limit';
import {MachineError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {recordMisuse} from '../../machine/misuse.ts';

export interface AgentExecResult {
	exitCode: number;
	/** Standard output and error. */
	output: string;
}

interface Reply {
	return?: unknown;
	error?: {class: string; desc: string};
}

interface ExecStatus {
	exited: boolean;
	exitcode?: number;
	signal?: number;
	'out-data'?: string;
	'err-data'?: string;
}

/** Milliseconds between two requests for a command's status. The agent does not report the end itself. Each request costs it. */
const pollIntervalMs = 25;

/**
 * One connection to the agent. QEMU accepts a second one only when the first is closed. It stays open while the machine is
 * up: an agent without a client looks ten times a second for one, which takes 2 % of an emulated CPU.
 * The connection does not keep this process alive.
 */
export class GuestAgent {
	readonly #machine: string;
	readonly #socket: net.Socket;
	readonly #replies: AsyncIterator<string>;
	/** One command at a time, because replies have no id of their command. */
	readonly #inTurn = pLimit(1);
	#synchronised: Promise<void> | undefined;

	private constructor(machine: string, socket: net.Socket) {
		this.#machine = machine;
		this.#socket = socket;
		socket.unref();
		const lines = readline.createInterface({input: socket});
		this.#replies = lines[Symbol.asyncIterator]();
		// readline ends when the peer closes, but not when the socket is destroyed: a read of a line would wait for ever.
		socket.once('close', () => {
			lines.close();
		});
	}

	/**
	 * Connects to QEMU's end of the channel. This costs the guest nothing. Only the first command shows whether the agent in the
	 * guest answers. Throws MachineError.
	 */
	static async connect(machine: string, socketPath: string): Promise<GuestAgent> {
		const socket = net.connect(socketPath);
		await new Promise<void>((resolve, reject) => {
			socket.once('connect', resolve);
			socket.once('error', error => {
				reject(new MachineError(machine, `its agent's socket ${socketPath} cannot be opened`, {cause: error}));
			});
		});
		socket.on('error', () => {});
		return new GuestAgent(machine, socket);
	}

	/** Waits until the agent answers. It may still read data of an earlier connection. The first command calls this. */
	async synchronise(limit: number = limits.agentCommand): Promise<void> {
		this.#synchronised ??= this.#synchronise(limit);
		await this.#synchronised;
	}

	async #synchronise(limit: number): Promise<void> {
		const id = Math.floor(Math.random() * 2 ** 31);
		await this.#within(limit, 'guest-sync', async () => {
			this.#send('guest-sync', {id});
			while ((await this.#reply()).return !== id) {
				// A reply to an earlier connection.
			}
		});
	}

	/** Runs a program in the guest and waits for its end. Throws MachineError. */
	async run(command: readonly string[], limit: number = limits.agentCommand): Promise<AgentExecResult> {
		await this.synchronise(limit);
		const [path, ...arg] = command;
		const {pid} = (await this.#ask('guest-exec', {path, arg, 'capture-output': true}, limit)) as {pid: number};
		for (const end = performance.now() + limit * 1000; performance.now() < end; await delay(pollIntervalMs)) {
			const status = (await this.#ask('guest-exec-status', {pid}, limit)) as ExecStatus;
			if (status.exited) {
				const exitCode = status.exitcode ?? 128 + (status.signal ?? 0);
				const output = text(status);
				recordMisuse(this.#machine, command.join(' '), exitCode, output);
				return {exitCode, output};
			}
		}

		throw new MachineError(this.#machine, `"${command.join(' ')}" did not end within ${limit} s`);
	}

	/** Runs a program and returns its output. Throws MachineError with the output if the exit code is not 0. */
	async mustRun(command: readonly string[], limit?: number): Promise<string> {
		const {exitCode, output} = await this.run(command, limit);
		if (exitCode !== 0) {
			throw new MachineError(this.#machine, `${command[0]} ended with ${exitCode}: ${output || 'it said nothing'}`);
		}

		return output;
	}

	close(): void {
		this.#socket.destroy();
	}

	async #ask(execute: string, args: object, limit: number): Promise<unknown> {
		return this.#within(limit, execute, async () => {
			this.#send(execute, args);
			const reply = await this.#reply();
			if (reply.error) {
				throw new MachineError(this.#machine, `its agent refuses ${execute}: ${reply.error.desc}`);
			}

			return reply.return;
		});
	}

	#send(execute: string, args: object): void {
		this.#socket.write(`${JSON.stringify({execute, arguments: args})}\n`);
	}

	async #reply(): Promise<Reply> {
		const {value, done} = await this.#replies.next();
		if (done) {
			throw new MachineError(this.#machine, 'its agent closed the connection');
		}

		return JSON.parse(value) as Reply;
	}

	/** Limits a command in time. Closes the connection after a timeout, because the late reply may still come. */
	async #within<T>(limit: number, what: string, work: () => Promise<T>): Promise<T> {
		return this.#inTurn(async () => {
			let late = false;
			const timer = setTimeout(() => {
				late = true;
				this.#socket.destroy();
			}, limit * 1000);
			try {
				return await work();
			} catch (error) {
				if (late) {
					throw new MachineError(this.#machine, `its agent did not answer "${what}" within ${limit} s`, {cause: error});
				}

				throw this.#socket.destroyed && !(error instanceof MachineError)
					? new MachineError(this.#machine, `its agent is gone ("${what}")`, {cause: error})
					: error;
			} finally {
				clearTimeout(timer);
			}
		});
	}
}

function text(status: ExecStatus): string {
	return [status['out-data'], status['err-data']]
		.map(data => Buffer.from(data ?? '', 'base64').toString())
		.join('')
		.trim();
}
