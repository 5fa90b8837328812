/**
 * QEMU's guest agent (qemu-ga), over a unix socket. It is there before ssh is, costs no handshake, and no fault on a
 * network reaches it. What it can do is told by `qemu-ga --help` and QEMU's qga/qapi-schema.json.
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

/** Between two looks whether a command has ended; the agent does not tell by itself, and each look costs it. Milliseconds. */
const pollIntervalMs = 25;

/**
 * One connection; QEMU takes a second one only when the first has gone. It is kept while the machine is up: an agent with
 * nobody at the other end looks ten times a second whether somebody came, 2 % of an emulated CPU.
 * It does not keep this process alive.
 */
export class GuestAgent {
	readonly #machine: string;
	readonly #socket: net.Socket;
	readonly #replies: AsyncIterator<string>;
	/** Replies carry nothing that tells whose they are. */
	readonly #inTurn = pLimit(1);
	#synchronised: Promise<void> | undefined;

	private constructor(machine: string, socket: net.Socket) {
		this.#machine = machine;
		this.#socket = socket;
		socket.unref();
		const lines = readline.createInterface({input: socket});
		this.#replies = lines[Symbol.asyncIterator]();
		// readline hears of an end, not of a connection that is given up: whoever waits for a line would wait for ever.
		socket.once('close', () => {
			lines.close();
		});
	}

	/**
	 * Connects to QEMU's end; whether the agent in the guest answers is told by the first command. It costs the guest nothing
	 * until then. Throws MachineError.
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

	/** Waits until the agent answers: it may still be reading what an earlier connection left behind. Done by the first command. */
	async synchronise(limit: number = limits.agentCommand): Promise<void> {
		this.#synchronised ??= this.#synchronise(limit);
		await this.#synchronised;
	}

	async #synchronise(limit: number): Promise<void> {
		const id = Math.floor(Math.random() * 2 ** 31);
		await this.#within(limit, 'guest-sync', async () => {
			this.#send('guest-sync', {id});
			while ((await this.#reply()).return !== id) {
				// An answer to somebody before us.
			}
		});
	}

	/** Runs a program of the guest and waits for its end. Throws MachineError. */
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

	/** As `run`; throws MachineError with what it said when it does not end with 0. */
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

	/** The connection is of no use after a command that took too long: its answer may still come. */
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
