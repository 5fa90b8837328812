/** Chooses address ranges for the two networks of a swarm. No other network of this host uses them. */
import os from 'node:os';
import {HarnessError} from '../../errors.ts';
import {names, virsh} from './virsh.ts';

export interface Subnets {
	/** Prefix of the network by which this host reaches the machines: `10.98.7`. */
	control: string;
	/** Prefix of the LAN between the machines. */
	lan: string;
}

/** Numbers of the ranges that this process has returned. The networks of these swarms may not exist yet. */
const handedOut = new Set<number>();

/**
 * Returns ranges that do not overlap those of Docker, of the swarm's pool, or of the qemu provider's LAN (10.99.0). Starts at
 * a random number, because other processes choose, too.
 */
export async function chooseSubnets(random = Math.random): Promise<Subnets> {
	const taken = await prefixesInUse();
	const start = Math.floor(random() * 250);
	for (let step = 0; step < 250; step++) {
		const number = 1 + ((start + step) % 250);
		const subnets = {control: `10.98.${number}`, lan: `10.99.${number}`};
		if (!handedOut.has(number) && !taken.has(subnets.control) && !taken.has(subnets.lan)) {
			handedOut.add(number);
			return subnets;
		}
	}

	throw new HarnessError('Every range from 10.99.1.0/24 to 10.99.250.0/24 is in use on this host', {
		remedy: 'swarmlab gc removes networks of dead runs; virsh net-list --all shows the others.',
	});
}

async function prefixesInUse(): Promise<Set<string>> {
	const networks = await names('net-list', '--all', '--name');
	const texts = await Promise.all(networks.map(async name => virsh(['net-dumpxml', name]).catch(() => '')));
	const addresses = [
		...texts.flatMap(text => [...text.matchAll(/<ip[^>]* address=['"]([\d.]+)['"]/g)].map(([, address]) => address!)),
		...Object.values(os.networkInterfaces()).flatMap(each => each?.map(({address}) => address) ?? []),
	];
	return new Set(addresses.map(address => address.split('.').slice(0, 3).join('.')));
}
