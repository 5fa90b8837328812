/** Sockets of this host that ssh forwards to the daemon of a Docker host. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {leaseVariable, variable} from '../environment.ts';
import {HostError} from '../errors.ts';
import {limits} from '../limits.ts';
import type {DaemonAddress} from '../model/index.ts';
import * as paths from '../paths.ts';
import {answers} from './attend.ts';
import {http} from './http.ts';

/** Connects HTTP requests to the socket. Starts ssh where nobody listens at it. */
export class ForwardAgent extends http.Agent {
	readonly #address: DaemonAddress;

	constructor(address: DaemonAddress) {
		super();
		this.#address = address;
	}

	override createConnection(
		_options: unknown,
		callback?: (error: Error | null, connection: net.Socket) => void,
	): undefined {
		forward(this.#address).then(
			socket => callback?.(null, net.connect(socket)),
			error => callback?.(error as Error, undefined as never),
		);
	}
}

const starting = new Map<string, Promise<void>>();

/**
 * Returns a socket that leads to the daemon.
 * @throws HostError with ssh's own message
 */
export async function forward({url, socket: shared}: DaemonAddress): Promise<string> {
	const socket = shared ?? socketOfThisProcess(url);
	if (!(await answers(socket))) {
		// In a lease a shared one ends with the lease.
		const lasts = shared !== undefined && variable(leaseVariable) !== undefined;
		const start = starting.get(socket) ?? startForward(url, socket, lasts).finally(() => starting.delete(socket));
		starting.set(socket, start);
		await start;
	}

	return socket;
}

/** Returns the destination for ssh, and the socket on the Docker host. The path of the URL is the socket, as for Docker's command line. */
export function partsOfSsh(url: string): {destination: string; remoteSocket: string} {
	const [, destination = url, remoteSocket] = /^(ssh:\/\/[^/]+)(\/.+)?$/.exec(url) ?? [];
	return {destination, remoteSocket: remoteSocket ?? '/var/run/docker.sock'};
}

/** @param lasts it does not end with this process */
async function startForward(url: string, socket: string, lasts: boolean): Promise<void> {
	const {destination, remoteSocket} = partsOfSsh(url);
	// Two processes may start one at the same time. Each gets its own name first; the last rename wins, and both work.
	const own = `${socket}.${process.pid}`;
	const log = `${own}.log`;
	fs.rmSync(own, {force: true});
	fs.writeFileSync(log, '');
	const words = [
		...['ssh', '-N', '-T', '-E', log, '-L', `${own}:${remoteSocket}`],
		...[
			// Nobody is there to answer a question.
			'BatchMode=yes',
			'ExitOnForwardFailure=yes',
			'ControlPath=none',
			`ConnectTimeout=${limits.sshHandshake}`,
			'ServerAliveInterval=15',
			'ServerAliveCountMax=4',
		].flatMap(option => ['-o', option]),
		...['--', destination],
	];
	// The kernel sends the signal also if this process is killed (prctl(2), PR_SET_PDEATHSIG).
	const [command, ...rest] = lasts ? words : ['setpriv', '--pdeathsig', 'TERM', '--', ...words];
	const ssh = spawn(command!, rest, {detached: true, stdio: 'ignore'});
	const ended = once(ssh, 'exit').then(
		() => fs.readFileSync(log, 'utf8').trim() || 'ssh ended without a message',
		(error: Error) => error.message,
	);
	let said: string | undefined;
	void ended.then(text => {
		said = text;
	});
	ssh.unref();
	const end = performance.now() + limits.sshHandshake * 1000;
	while (!(await answers(own))) {
		if (said === undefined && performance.now() > end) {
			ssh.kill();
			said = `no connection within ${limits.sshHandshake} s`;
		}

		if (said !== undefined) {
			fs.rmSync(log, {force: true});
			throw new HostError(`There is no way to the Docker host ${url}: ${said}`, {
				remedy: `Try it by hand: ssh -o BatchMode=yes ${destination} true. It must work without a password.`,
			});
		}

		await delay(50);
	}

	fs.renameSync(own, socket);
}

let folder: string | undefined;
const numbers = new Map<string, number>();

/** Returns a socket that is removed when this process ends. */
function socketOfThisProcess(url: string): string {
	if (folder === undefined) {
		fs.mkdirSync(paths.runtime, {recursive: true, mode: 0o700});
		const made = fs.mkdtempSync(path.join(paths.runtime, 'ssh-'));
		process.once('exit', () => fs.rmSync(made, {recursive: true, force: true}));
		folder = made;
	}

	numbers.set(url, numbers.get(url) ?? numbers.size);
	return path.join(folder, String(numbers.get(url)));
}
