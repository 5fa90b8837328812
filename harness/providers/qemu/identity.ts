/**
 * Sends a restored machine its identity: one line on a port of its own. The line is written while the machine is stopped, so
 * it is the first input that the machine reads. In the guest the program `identity` was started before the machine was saved
 * and waits for the line. It answers on the console.
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

/** This host's end of the port. The guest's program waits while it is open. It does not keep this process alive. */
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

/** Content of the line, in the words that the program `identity` knows. */
export interface Identity {
	/** Epoch milliseconds. */
	nowMs: number;
	/** Seed for the random pool. */
	seed: Buffer;
	/** Base64 part of the ssh key that may log in. */
	publicKey: string;
	/** Only for a clone: name, address with the length of its prefix, LAN card, and the key of its sshd. */
	clone?: {name: string; address: string; mac: string; serverKey: ServerKey};
	/** Address on the ingress network that the machine must reach. */
	neighbour?: string;
}

export function sendIdentity(port: IdentityPort, identity: Identity): void {
	port.write(`${identityLine(identity)}\n`);
}

/** Returns the line. */
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

/** Subjects that a restored machine reports on its console, in this order; the last two only if it has a neighbour. */
export type RestoreReport = 'identity' | 'engine' | 'overlay';

/** The report of success for each subject. */
const successPatterns: Record<RestoreReport, RegExp> = {
	identity: /^identity renewed$/,
	engine: /^engine answers$/,
	overlay: /^overlay reaches /,
};

/**
 * Waits until the machine reports success on its console. Reading the file on this host costs the machine nothing.
 * @param from size of the console in bytes before the machine ran
 * @param ended returns why QEMU ended, if it has
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
