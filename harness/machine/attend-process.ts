/**
 * Listens at sockets of this host and connects each client with the engine in a container: the daemon of the Docker host runs
 * a command for each connection. Writes the log of each container to its console file. `Attendant` starts this process and sends it the list. It ends
 * when the last container ends.
 */
import {once} from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import type {Duplex} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type {Attended} from './attend.ts';
import {openDaemon} from './daemon.ts';
import {execute} from './docker-exec.ts';

/** Serves one connection: copies bytes between the client and the engine, in both directions. */
async function lead(connection: net.Socket, {daemon, container}: Attended): Promise<void> {
	connection.on('error', () => {});
	const words = ['socat', '-t', '60', 'STDIO', 'UNIX-CONNECT:/var/run/docker.sock'];
	try {
		const {input, stdout, stderr, leave} = await execute({by: 'docker-exec', daemon, container}, {words, stdin: true});
		input.on('error', () => connection.destroy());
		stderr.resume();
		connection.pipe(input as Duplex);
		stdout.pipe(connection);
		connection.once('close', leave);
	} catch {
		// The client sees a closed connection, as it does when no engine listens.
		connection.destroy();
	}
}

/** Copies the log until the container ends. */
async function writeConsole({daemon, container, console: file, append}: Attended): Promise<void> {
	const docker = openDaemon(daemon, undefined);
	const log = await docker.getContainer(container).logs({follow: true, stdout: true, stderr: true});
	const target = fs.createWriteStream(file ?? '/dev/null', {flags: append ? 'a' : 'w'});
	docker.modem.demuxStream(log, target, target);
	await new Promise<void>(resolve => {
		log
			.once('end', resolve)
			.once('close', resolve)
			.once('error', () => resolve());
	});
	target.end();
}

async function listen(one: Attended): Promise<net.Server | undefined> {
	const {socket} = one;
	if (socket === undefined) {
		return undefined;
	}

	const server = net.createServer({allowHalfOpen: true}, connection => void lead(connection, one));
	fs.rmSync(socket, {force: true});
	return new Promise((resolve, reject) => {
		server.once('error', reject).listen(socket, () => resolve(server));
	});
}

async function attendOne(one: Attended, server: net.Server | undefined): Promise<void> {
	try {
		await writeConsole(one);
		// The stream also ends when the daemon restarts, although the container still runs.
		while (await runs(one)) {
			await delay(1000);
		}
	} finally {
		server?.close();
		if (one.socket !== undefined) {
			fs.rmSync(one.socket, {force: true});
		}
	}
}

async function runs({daemon, container}: Attended): Promise<boolean> {
	const {State} = await openDaemon(daemon, 10)
		.getContainer(container)
		.inspect()
		.catch(() => ({State: {Running: false}}));
	return State.Running;
}

// Who started it has ended, and has no containers for it.
const stop = () => process.exit();
process.once('disconnect', stop);
const [those] = (await once(process, 'message')) as [Attended[]];
process.off('disconnect', stop);
const servers = await Promise.all(those.map(listen));
process.send?.('listens', () => {});
await Promise.allSettled(those.map(async (one, index) => attendOne(one, servers[index])));
process.exit();
