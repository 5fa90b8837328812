/** The LAN between the machines of a cell: its addresses, and the switch that carries it. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {HarnessError} from '../errors.ts';
import type {NodeSpec} from '../model/index.ts';
import {modulePath} from '../package.ts';
import type {PortCounters} from './learning-switch.ts';

/** Does not overlap Docker's bridges (172.17.0.0/16 …), the swarm's pool, or the control network. */
const prefix = '10.99.0';

export interface Station {
	name: string;
	role: NodeSpec['role'];
	/** IPv4 address on the LAN. */
	address: string;
	/** Ethernet address of the LAN card: locally administered. Each cell uses the same ones, because LANs are not connected. */
	mac: string;
}

/** Returns the stations of a cell's nodes, in their order. */
export function stations(nodes: readonly Pick<NodeSpec, 'name' | 'role'>[]): Station[] {
	return nodes.map(({name, role}, index) => ({
		name,
		role,
		address: `${prefix}.${index + 1}`,
		mac: `52:54:00:99:00:${(index + 1).toString(16).padStart(2, '0')}`,
	}));
}

/** The machine from which others are cloned. It has no address on the LAN. */
export const templateStation: Station = {name: 'template', role: 'worker', address: '', mac: '52:54:00:99:00:fe'};

/** Returns the path of the socket to which a machine's LAN card connects. */
export function lanSocket(folder: string, name: string): string {
	return path.join(folder, `lan-${name}.sock`);
}

/** Returns the path of the socket on which the switch sends its counters to each client. */
export function countersSocket(folder: string): string {
	return path.join(folder, 'lan.sock');
}

/** Returns the path of the socket on which the switch takes requests: see control/messages.ts. */
export function controlSocket(folder: string): string {
	return path.join(folder, 'lan-control.sock');
}

/** Reads the counters of the switch, by machine. Throws if the switch does not answer within 60 s. */
export async function readCounters(socket: string): Promise<Record<string, PortCounters>> {
	const connection = net.connect(socket);
	connection.setTimeout(60_000, () =>
		connection.destroy(new HarnessError(`The LAN's switch does not answer: ${socket}`)),
	);
	return JSON.parse(await text(connection)) as Record<string, PortCounters>;
}

/**
 * Starts the switch of a cell and waits until every machine can connect to it.
 * @returns the pid of the switch, which runs until it is killed
 */
export async function startLan(folder: string, names: string[]): Promise<number> {
	const log = path.join(folder, 'lan.log');
	const output = fs.openSync(log, 'w');
	const child = spawn(process.execPath, [modulePath(import.meta.dirname, 'switch-process'), folder, ...names], {
		detached: true,
		stdio: ['ignore', 'pipe', output],
	});
	fs.closeSync(output);
	await new Promise<void>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', code => {
			reject(new HarnessError(`The LAN's switch ended with ${code}: ${fs.readFileSync(log, 'utf8').trim()}`));
		});
		child.stdout!.once('data', resolve);
	});
	child.stdout!.destroy();
	child.removeAllListeners();
	child.unref();
	return child.pid!;
}
