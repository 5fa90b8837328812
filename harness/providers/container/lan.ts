/** The network between the nodes of a swarm: a bridge of the Docker host's, with no way out. */
import type Docker from 'dockerode';
import {HarnessError} from '../../errors.ts';
import type {Station} from '../../network/lan.ts';

export interface Lan {
	/** What the Docker host calls it. */
	name: string;
	/** The first three numbers of its addresses: `10.99.5`. */
	range: string;
	/** The stations, with the addresses that they have on it. */
	stations: Station[];
}

/** Numbers of ranges, 10.99.N.0/24: none is Docker's own, nor the swarm's pool, nor the LAN of a machine of QEMU's. */
const numbers = Array.from({length: 250}, (_, index) => index + 1);

/**
 * Makes it in a range that no other network of the Docker host has: that refuses one that overlaps. Throws HarnessError.
 * @param start where to begin; chance, as others choose, too
 */
export async function makeLan(
	docker: Docker,
	name: string,
	{
		labels,
		stations,
		start = Math.floor(Math.random() * numbers.length),
	}: {
		labels: Record<string, string>;
		stations: readonly Station[];
		start?: number;
	},
): Promise<Lan> {
	for (const number of [...numbers.slice(start), ...numbers.slice(0, start)]) {
		const prefix = `10.99.${number}`;
		try {
			await docker.createNetwork({
				Name: name,
				Driver: 'bridge',
				Internal: true,
				// The first addresses are the nodes'.
				IPAM: {Config: [{Subnet: `${prefix}.0/24`, Gateway: `${prefix}.254`}]},
				Labels: labels,
			});
			return {name, range: prefix, stations: stations.map(each => ({...each, address: addressIn(prefix, each)}))};
		} catch (error) {
			if (!/overlap/i.test((error as Error).message)) {
				throw new HarnessError(`The Docker host makes no network ${name}: ${(error as Error).message}`, {cause: error});
			}
		}
	}

	throw new HarnessError('Every range from 10.99.1.0/24 to 10.99.250.0/24 is in use on the Docker host', {
		remedy: 'swarmlab gc removes networks of dead runs; docker network ls shows the others.',
	});
}

/** The same last number as on the LAN of machines. */
function addressIn(prefix: string, {address}: Station): string {
	return `${prefix}.${address.split('.').at(-1)}`;
}
