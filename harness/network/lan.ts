/** The LAN between the machines of a cell: its addresses, and the switch that carries it. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {HarnessError} from '../errors.ts';
import type {NodeSpec} from '../model/index.ts';
import type {PortCounters} from './learning-switch.ts';

/** Collides neither with Docker's bridges (172.17.0.0/16 …) nor with the swarm's pool nor with the control network. */
const prefix = '10.99.0';

export interface Station {
	name: string;
	role: NodeSpec['role'];
	/** IPv4 address on the LAN. */
	address: string;
	/** Ethernet address of the LAN card; locally administered, the same in every cell as no two LANs meet. */
	mac: string;
}

/** Addresses of a cell's nodes, in their order. */
export function stations(nodes: readonly Pick<NodeSpec, 'name' | 'role'>[]): Station[] {
	return nodes.map(({name, role}, index) => ({
		name,
		role,
		address: `${prefix}.${index + 1}`,
		mac: `52:54:00:99:00:${(index + 1).toString(16).padStart(2, '0')}`,
	}));
}

/** The machine that others are cloned from: on the LAN it is nobody. */
export const templateStation: Station = {name: 'template', role: 'worker', address: '', mac: '52:54:00:99:00:fe'};

/** Socket that a machine's LAN card connects to. */
export function lanSocket(folder: string, name: string): string {
	return path.join(folder, `lan-${name}.sock`);
}

/** Socket on which the switch tells what passed it, to whoever connects. */
export function countersSocket(folder: string): string {
	return path.join(folder, 'lan.sock');
}

/** What passed the switch so far, by machine. Throws when it does not say so within 60 s. */
export async function readCounters(socket: string): Promise<Record<string, PortCounters>> {
	const connection = net.connect(socket);
	connection.setTimeout(60_000, () =>
		connection.destroy(new HarnessError(`The LAN's switch does not answer: ${socket}`)),
	);
	return JSON.parse(await text(connection)) as Record<string, PortCounters>;
}

/**
 * Starts the switch of a cell and waits until every machine can connect to it.
 * @returns the pid of the switch, which runs until it is ended.
 */
export async function startLan(folder: string, names: string[]): Promise<number> {
	const log = path.join(folder, 'lan.log');
	const output = fs.openSync(log, 'w');
	const child = spawn(process.execPath, [path.join(import.meta.dirname, 'switch-process.ts'), folder, ...names], {
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
