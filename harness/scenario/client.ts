/** A client that sends requests: a container of the image `toolbox`, or a machine itself. */
import type {ExecOptions, ExecResult, Machine} from '../machine/index.ts';
import type {Task} from '../swarm/index.ts';
import {Answers} from './answers.ts';
import {curlCommand, curlLimit, type GetOptions, parseCurl} from './curl.ts';
import {digCommand, parseDig, type Resolved} from './dig.ts';

/** A large body, as it arrived at the client. */
export interface Download {
	bytes: number;
	sha256: string;
	seconds: number;
	/** curl's error; empty without one. */
	error: string;
}

/** Sends requests from one place: a container on a network of the swarm, or a machine outside of these networks. */
export class Client {
	readonly machine: Machine;
	/** Undefined for a client outside of the swarm's networks. */
	readonly containerId: string | undefined;
	#pid: Promise<number> | undefined;

	constructor(machine: Machine, container?: Pick<Task, 'containerId'>) {
		this.machine = machine;
		this.containerId = container?.containerId;
	}

	/** Host name of the client's machine. */
	get node(): string {
		return this.machine.name;
	}

	/** Runs a command in the container's network and files, or on the machine. Returns how it ended, also when it failed. */
	async exec(command: readonly string[], options?: ExecOptions): Promise<ExecResult> {
		if (!this.containerId) {
			return this.machine.exec(command, options);
		}

		// Read once: the container of a client does not change.
		this.#pid ??= this.machine.pidOf(this.containerId);
		return this.machine.inNamespacesOf(await this.#pid, command, options);
	}

	/**
	 * Requests a URL with curl, one request after the other, each on its own connection unless `keepAlive`.
	 * A request without an answer is part of the result; it does not throw.
	 */
	async get(url: string, options: GetOptions = {}): Promise<Answers> {
		const {stdout, stderr} = await this.exec(curlCommand(url, options), {timeout: curlLimit(options)});
		return new Answers(url, parseCurl(stdout, stderr));
	}

	/** Resolves a name with the engine's own name server (127.0.0.11). */
	async resolve(name: string, type: 'A' | 'AAAA' = 'A'): Promise<Resolved> {
		const {stdout} = await this.exec(digCommand(name, type));
		return parseDig(stdout);
	}

	/** Downloads a body on the client and returns its size and checksum; no copy comes to this host. `timeout` is in seconds. */
	async download(url: string, {timeout = 60} = {}): Promise<Download> {
		const file = '/tmp/swarmlab-download';
		const script = `curl -sS --connect-timeout 5 --max-time ${timeout} -o ${file} -w '%{size_download} %{time_total} ' '${url}'; echo "$? $(/bin/busybox sha256sum ${file})"; /bin/busybox rm -f ${file}`;
		const {stdout, stderr} = await this.exec(['/bin/busybox', 'sh', '-c', script], {timeout: timeout + 30});
		const [bytes, seconds, exit, sha256 = ''] = stdout.trim().split(/\s+/);
		return {
			bytes: Number(bytes),
			seconds: Number(seconds),
			sha256,
			error: exit === '0' ? '' : stderr.split('\n')[0] || `curl ended with ${exit}`,
		};
	}
}
