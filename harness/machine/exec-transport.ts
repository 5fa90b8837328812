/** The transport of machines that are containers: the daemon of the Docker host runs commands and copies files. */
import {spawn} from 'node:child_process';
import {EventEmitter, once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {PassThrough, type Readable, type Writable} from 'node:stream';
import {limits} from '../limits.ts';
import type {ExecHandle} from '../model/index.ts';
import {Attendant, answers} from './attend.ts';
import {type ConnectOptions, unreachable} from './connection.ts';
import {daemonTrouble, openDaemon} from './daemon.ts';
import {type Execution, execute} from './docker-exec.ts';
import {drainInto} from './drain.ts';
import {quote} from './quote.ts';
import type {Started, Transport, TransportOptions, TransportResult} from './transport.ts';

const largestOutputBytes = 64 * 1024 * 1024;

/** follow.ts takes this exit code for a lost connection; ssh ends with it, too. */
const lostExitCode = 255;

/** Returns the arguments that run a command line in root's shell, as sshd does. */
const inShell = (line: string) => ['/bin/bash', '-c', line];

export class ExecTransport implements Transport {
	readonly #handle: ExecHandle;

	constructor(handle: ExecHandle) {
		this.#handle = handle;
	}

	/** Checks that the container runs. Starts the process that connects the socket with the engine, unless one listens there. */
	async open({limit = limits.sshHandshake}: ConnectOptions = {}): Promise<void> {
		const {reach, engine} = this.#handle;
		const docker = openDaemon(reach.daemon);
		const {State} = await docker
			.getContainer(reach.container)
			.inspect()
			.catch((error: unknown) => {
				throw unreachable(this.#handle, daemonTrouble(reach.daemon, error), error);
			});
		if (!State.Running) {
			throw unreachable(this.#handle, `its container is ${State.Status} (exit code ${State.ExitCode})`);
		}

		if (await answers(engine.socket)) {
			return;
		}

		const attendant = new Attendant(`${engine.socket}.log`);
		const late = AbortSignal.timeout(limit * 1000);
		try {
			await Promise.race([
				attendant.attend([{...reach, socket: engine.socket}]),
				once(late, 'abort').then(() => Promise.reject(new Error(`no process listens at ${engine.socket}`))),
			]);
		} catch (error) {
			throw unreachable(this.#handle, (error as Error).message, error);
		}
	}

	async exec(line: string, options: TransportOptions): Promise<TransportResult> {
		const {input} = options;
		return this.#run(line, options, input === undefined ? undefined : execution => execution.input.end(input));
	}

	start(line: string): Started {
		const started = Object.assign(new EventEmitter(), {
			stdout: new PassThrough(),
			stderr: new PassThrough(),
			kill: () => {
				killed = true;
				running.then(execution => execution.leave()).catch(() => {});
				return true;
			},
		});
		let killed = false;
		const running = execute(this.#handle.reach, {words: inShell(line)});
		running
			.then(async execution => {
				execution.stdout.pipe(started.stdout);
				execution.stderr.pipe(started.stderr);
				const code = await execution.ended;
				started.emit('close', killed ? null : code);
			})
			.catch((error: unknown) => {
				started.stderr.end(daemonTrouble(this.#handle.reach.daemon, error));
				started.emit('close', killed ? null : lostExitCode);
			});
		return started;
	}

	/** As scp: copies into `remote` if that is a folder, otherwise to the name `remote`. */
	async copyTo(local: string, remote: string, options: TransportOptions): Promise<string | undefined> {
		const {dir, base} = path.parse(path.resolve(local));
		const [to, name] = [quote(remote), quote(base)];
		const line = `if [ -d ${to} ]; then tar -x -C ${to}; else d=$(mktemp -d "$(dirname ${to})/.copy-XXXXXX") && tar -x -C "$d" && mv "$d"/${name} ${to} && rmdir "$d"; fi`;
		let packed: Promise<string | undefined> | undefined;
		const unpacked = await this.#run(line, options, ({input}) => {
			packed = pack(['-C', dir, base], input);
		});
		return (await packed) ?? troubleOf(unpacked);
	}

	async copyFrom(remote: string, local: string, options: TransportOptions): Promise<string | undefined> {
		const isFolder = fs.statSync(local, {throwIfNoEntry: false})?.isDirectory() ?? false;
		const {dir, base} = path.posix.parse(remote);
		const folder = isFolder ? local : fs.mkdtempSync(path.join(path.dirname(path.resolve(local)), '.copy-'));
		try {
			const {execa} = await import('execa');
			const unpacking = execa('tar', ['-x', '-C', folder, '--no-same-owner'], {reject: false});
			const line = `tar -c -h -C ${quote(dir || '.')} ${quote(base)}`;
			const packed = await this.#run(line, options, execution => drainInto(execution.stdout, unpacking.stdin), {
				keep: false,
			});
			if (packed.lost !== undefined || packed.timedOut || packed.isCanceled) {
				unpacking.kill();
			}

			const unpacked = await unpacking;
			const trouble = troubleOf(packed) ?? (unpacked.failed ? unpacked.stderr : undefined);
			if (trouble === undefined && !isFolder) {
				fs.renameSync(path.join(folder, base), local);
			}

			return trouble;
		} finally {
			if (!isFolder) {
				fs.rmSync(folder, {recursive: true, force: true});
			}
		}
	}

	/** Closes nothing: the process that connects the engine ends with the container, and with the lease. */
	async close(): Promise<void> {}

	async #run(
		line: string,
		{timeoutMs, signal}: TransportOptions,
		feed?: (execution: Execution) => void,
		{keep = true}: {keep?: boolean} = {},
	): Promise<TransportResult> {
		const start = performance.now();
		let [stdout, stderr] = ['', ''];
		const how = (more: Partial<TransportResult>): TransportResult => ({
			exitCode: undefined,
			stdout: stdout.replace(/\n$/, ''),
			stderr: stderr.replace(/\n$/, ''),
			durationMs: performance.now() - start,
			timedOut: false,
			isCanceled: false,
			...more,
		});
		const ending = endOf(timeoutMs, signal);
		let execution: Execution | undefined;
		const work = async (): Promise<TransportResult> => {
			execution = await execute(this.#handle.reach, {words: inShell(line), stdin: feed !== undefined});
			const said = keep ? collect(execution.stdout, text => (stdout = text)) : once(execution.stdout, 'end');
			const complained = collect(execution.stderr, text => (stderr = text));
			// A command may end before it has read all of its input. That is no failure of the connection.
			execution.input.on('error', () => {});
			feed?.(execution);
			const [exitCode] = await Promise.all([execution.ended, said, complained]);
			return how({exitCode});
		};
		try {
			const ended = await Promise.race([work(), ending.promise]);
			if (typeof ended !== 'string') {
				return ended;
			}

			execution?.leave();
			return how(ended === 'timeout' ? {timedOut: true} : {isCanceled: true});
		} catch (error) {
			return how({lost: daemonTrouble(this.#handle.reach.daemon, error)});
		} finally {
			ending.clear();
		}
	}
}

function endOf(timeoutMs: number, signal: AbortSignal | undefined) {
	let clear = () => {};
	const promise = new Promise<'timeout' | 'canceled'>(resolve => {
		const cancel = () => resolve('canceled');
		const timer = setTimeout(() => resolve('timeout'), timeoutMs);
		signal?.addEventListener('abort', cancel, {once: true});
		if (signal?.aborted) {
			cancel();
		}

		clear = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', cancel);
		};
	});
	return {promise, clear};
}

/** Decodes chunks to text. A chunk may end in the middle of a character, which is kept for the next chunk. */
async function collect(stream: Readable, take: (text: string) => void): Promise<void> {
	const chunks: Buffer[] = [];
	let size = 0;
	stream.on('data', (chunk: Buffer) => {
		size += chunk.length;
		if (size <= largestOutputBytes) {
			chunks.push(chunk);
		}
	});
	await once(stream, 'end');
	take(Buffer.concat(chunks).toString());
}

function troubleOf({exitCode, stderr, lost, timedOut, isCanceled}: TransportResult): string | undefined {
	if (exitCode === 0) {
		return undefined;
	}

	return lost ?? (timedOut ? 'it took too long' : isCanceled ? 'it was ended' : stderr || `tar ended with ${exitCode}`);
}

/** Packs files of this host into a stream, and ends the stream. Returns the output of tar if tar failed. */
async function pack(words: readonly string[], target: Writable): Promise<string | undefined> {
	const tar = spawn('tar', ['-c', '--owner=0', '--group=0', ...words], {stdio: ['ignore', 'pipe', 'pipe']});
	let said = '';
	tar.stderr.on('data', (chunk: Buffer) => {
		said += chunk.toString();
	});
	tar.stdout.pipe(target);
	const [code] = (await once(tar, 'close')) as [number | null];
	return code === 0 ? undefined : said.trim() || `tar ended with ${code}`;
}
