/**
 * How a machine that comes back from memory is told who it is: one line on a port of its own, written while it stands still,
 * so that it is the first thing that it hears. In the guest the program `identity` has been waiting since before it was
 * frozen; it answers by the console.
 */
import fs from 'node:fs';
import net from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import {MachineError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {consoleTail} from '../../machine/index.ts';
import {identitySocket} from './arguments.ts';
import {saidSince} from './console.ts';

/** This host's end of the port. While it is open the guest's program waits; it does not keep this process alive. */
export type IdentityPort = net.Socket;

/** Opens this host's end. Throws MachineError. */
export async function openIdentityPort(runtime: string, machine: string): Promise<IdentityPort> {
	const socket = net.connect(identitySocket(runtime, machine));
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('error', cause => {
			reject(new MachineError(machine, 'QEMU does not open the port for its identity', {cause}));
		});
	});
	socket.on('error', () => {});
	socket.unref();
	return socket;
}

/** What is told. */
export interface Identity {
	/** Epoch milliseconds. */
	now: number;
	/** For its random pool. */
	seed: Buffer;
	/** Base64 part of the ssh key that may log in. */
	publicKey: string;
	/** Of a clone: name, address with the length of its prefix, LAN card, sshd's key (hex of its file) and the public half. */
	clone?: readonly [name: string, address: string, mac: string, privateFile: string, publicKey: string];
}

export function tell(port: IdentityPort, {now, seed, publicKey, clone}: Identity): void {
	port.write(`${[(now / 1000).toFixed(3), seed.toString('hex'), publicKey, ...(clone ?? [])].join(' ')}\n`);
}

/**
 * Waits until the machine has said on its console that it is one of its own: to read a file of this host costs it nothing.
 * @param from bytes of the console before it ran
 * @param ended why QEMU ended, once it has
 * @throws MachineError
 */
export async function untilRenewed(
	machine: string,
	console: string,
	from: number,
	ended: () => string | undefined,
): Promise<void> {
	const fail = (why: string) =>
		new MachineError(machine, `it did not become a machine of its own: ${why}`, {consoleTail: consoleTail(console)});
	for (const end = performance.now() + limits.agent * 1000; performance.now() < end; await delay(5)) {
		const said = fs.statSync(console).size > from ? saidSince(console, from, 'identity') : undefined;
		if (said === 'identity renewed') {
			return;
		}

		const why = said ?? ended();
		if (why) {
			throw fail(why);
		}
	}

	throw fail(`it said nothing within ${limits.agent} s`);
}
