/** A client of the switch's control socket: it puts faults in, lists and heals them. */
import net from 'node:net';
import {HarnessError, UsageError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import type {Fault, FaultStatus} from '../../model/index.ts';
import {type Answer, type Healed, LineReader, type Request} from './messages.ts';

interface Waiting {
	resolve: (value: unknown) => void;
	reject: (error: Error) => void;
}

/** A connection to the switch. The faults that it makes end with it. */
export class LanControl {
	/** Is called when another connection heals a fault of this one. */
	onHealed: ((fault: FaultStatus) => void) | undefined;
	/** Resolves when the connection has ended. */
	readonly closed: Promise<void>;
	readonly #socket: net.Socket;
	/** Requests without an answer, in their order. */
	readonly #waiting: Waiting[] = [];
	/** The connection keeps its process running. */
	readonly #holds: boolean;
	#ended: string | undefined;

	private constructor(socket: net.Socket, holds: boolean) {
		this.#socket = socket;
		this.#holds = holds;
		const reader = new LineReader();
		socket.on('data', chunk => {
			for (const line of reader.push(chunk)) {
				this.#take(JSON.parse(line) as Answer | Healed);
			}
		});
		socket.on('error', error => this.#end(error.message));
		this.closed = new Promise(resolve => {
			socket.once('close', () => {
				this.#end('it closed the connection');
				resolve();
			});
		});
	}

	/**
	 * Connects. Throws HarnessError if no switch listens there.
	 * @param holds the connection keeps its process running; otherwise only a request without an answer does
	 */
	static async open(path: string, {holds = false} = {}): Promise<LanControl> {
		const socket = net.connect(path);
		await new Promise<void>((resolve, reject) => {
			socket.once('connect', resolve);
			socket.once('error', error => {
				reject(new HarnessError(`The LAN's switch cannot be reached: ${path}`, {cause: error}));
			});
		});
		socket.removeAllListeners('error');
		return new LanControl(socket, holds);
	}

	/** Puts a fault in. Throws UsageError if the switch refuses it. `by` is who puts it in, for lists. */
	async add(fault: Fault, by: string): Promise<FaultStatus> {
		return (await this.#ask({op: 'add', fault, by})) as FaultStatus;
	}

	/** Returns all faults that are on, also those of other connections. */
	async list(): Promise<FaultStatus[]> {
		return (await this.#ask({op: 'list'})) as FaultStatus[];
	}

	/** Heals a fault of any connection, and returns what it did. Throws UsageError if no such fault is on. */
	async remove(id: number): Promise<FaultStatus> {
		return (await this.#ask({op: 'remove', id})) as FaultStatus;
	}

	/** Ends the connection, and with it its faults. */
	close(): void {
		this.#socket.destroy();
	}

	async #ask(request: Request): Promise<unknown> {
		if (this.#ended) {
			throw new HarnessError(`The LAN's switch does not answer: ${this.#ended}`);
		}

		this.#socket.ref();
		this.#socket.setTimeout(limits.switchAnswer * 1000, () => {
			this.#end(`it sent nothing for ${limits.switchAnswer} s`);
			this.close();
		});
		this.#socket.write(`${JSON.stringify(request)}\n`);
		return new Promise((resolve, reject) => {
			this.#waiting.push({resolve, reject});
		});
	}

	#take(message: Answer | Healed): void {
		if ('healed' in message) {
			this.onHealed?.(message.healed);
			return;
		}

		const waiting = this.#waiting.shift();
		if (this.#waiting.length === 0) {
			this.#socket.setTimeout(0);
			if (!this.#holds) {
				this.#socket.unref();
			}
		}

		if ('ok' in message) {
			waiting?.resolve(message.ok);
		} else {
			waiting?.reject(new UsageError(message.error, {remedy: message.remedy}));
		}
	}

	#end(why: string): void {
		this.#ended ??= why;
		for (const {reject} of this.#waiting.splice(0)) {
			reject(new HarnessError(`The LAN's switch does not answer: ${this.#ended}`));
		}
	}
}
