/**
 * How a machine that comes back from memory is told who it is: one line on a port of its own, written while it stands still,
 * so that it is the first thing that it hears. In the guest the program `identity` has been waiting since before it was
 * frozen; it answers by the console.
 */
import fs from 'node:fs';
import net from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import {MachineError} from '../../errors.ts';
import {saidSince} from '../../guest/console.ts';
import {limits} from '../../limits.ts';
import {consoleTail} from '../../machine/index.ts';
import type {ServerKey} from '../../machine/key.ts';
import {identitySocket} from './arguments.ts';

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

/** What is told: the words that the program `identity` knows. */
export interface Identity {
	/** Epoch milliseconds. */
	nowMs: number;
	/** For its random pool. */
	seed: Buffer;
	/** Base64 part of the ssh key that may log in. */
	publicKey: string;
	/** Of a clone: name, address with the length of its prefix, LAN card, and the key of its sshd. */
	clone?: {name: string; address: string; mac: string; serverKey: ServerKey};
	/** Address on the ingress network that it has to reach. */
	neighbour?: string;
}

export function sendIdentity(port: IdentityPort, identity: Identity): void {
	port.write(`${identityLine(identity)}\n`);
}

/** The line that is told. */
export function identityLine({nowMs, seed, publicKey, clone, neighbour}: Identity): string {
	const words = {
		seconds: (nowMs / 1000).toFixed(3),
		seed: seed.toString('hex'),
		key: publicKey,
		...(clone && {
			name: clone.name,
			address: clone.address,
			mac: clone.mac,
			hostkey: clone.serverKey.privateFile,
			public: clone.serverKey.publicKey,
		}),
		...(neighbour && {neighbour}),
	};
	return Object.entries(words)
		.map(([what, value]) => `${what}=${value}`)
		.join(' ');
}

/** What a restored machine says of itself on its console, in this order; the last two only where it has a neighbour. */
export type RestoreReport = 'identity' | 'engine' | 'overlay';

/** How each of them ends when it is well. */
const successPatterns: Record<RestoreReport, RegExp> = {
	identity: /^identity renewed$/,
	engine: /^engine answers$/,
	overlay: /^overlay reaches /,
};

/**
 * Waits until the machine has said it on its console: to read a file of this host costs it nothing.
 * @param from bytes of the console before it ran
 * @param ended why QEMU ended, once it has
 * @throws MachineError
 */
export async function untilReported(
	what: RestoreReport,
	{machine, console, from, ended}: {machine: string; console: string; from: number; ended(): string | undefined},
): Promise<void> {
	const limit = what === 'overlay' ? limits.restoreProof : limits.agentCommand;
	const fail = (why: string) =>
		new MachineError(machine, `${troubles[what]}: ${why}`, {consoleTail: consoleTail(console)});
	for (const end = performance.now() + limit * 1000; performance.now() < end; await delay(5)) {
		const said = fs.statSync(console).size > from ? saidSince(console, from, what) : undefined;
		if (said && successPatterns[what].test(said)) {
			return;
		}

		const why = said ?? ended();
		if (why) {
			throw fail(why);
		}
	}

	throw fail(`it said nothing within ${limit} s`);
}

const troubles: Record<RestoreReport, string> = {
	identity: 'it did not become a machine of its own',
	engine: 'its engine does not answer',
	overlay: 'the overlay carries no packet from it and back',
};
