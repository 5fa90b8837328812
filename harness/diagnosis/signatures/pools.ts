/** Causes in the addresses of networks: pools that are exhausted, or that overlap what the nodes use. */
import {either, failedTasks, recentLinesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';

const toNumber = (address: string) => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** Whether an address lies in a subnet: `10.0.0.0/24`. */
function isIn(address: string, subnet: string): boolean {
	const [network = '', bits = '32'] = subnet.split('/');
	const size = 2 ** (32 - Number(bits));
	return Math.floor(toNumber(address) / size) === Math.floor(toNumber(network) / size);
}

function resolverInPool({view}: Seen): Sighting[] {
	const subnets = view.nodes.flatMap(({networks}) => networks.flatMap(({subnet}) => subnet ?? []));
	return view.nodes.flatMap(node => {
		const lines = node.lines('resolver', /nameserver \d/).filter(({text}) => {
			const address = /nameserver ([\d.]+)/.exec(text)![1]!;
			return subnets.some(subnet => isIn(address, subnet));
		});
		return lines.length > 0 ? [{node: node.name, lines}] : [];
	});
}

/** A neighbour begins as a route to one address does. The bridge of the engine has some of overlays: a container asked there. */
const isNeighbour = / lladdr | (?:FAILED|INCOMPLETE|NOARP)\b/;

function routeInPool({view}: Seen): Sighting[] {
	const subnets = view.nodes.flatMap(({networks}) => networks.flatMap(({subnet}) => subnet ?? []));
	return view.nodes.flatMap(node => {
		const lines = node.lines('addresses', /^\d+\.\d+\.\d+\.\d+(\/\d+)? (via|dev) /, 100).filter(({text}) => {
			const target = text.split(' ')[0]!;
			if (isNeighbour.test(text)) {
				return false;
			}

			return subnets.some(
				subnet => isIn(target.split('/')[0]!, subnet) || (target.includes('/') && isIn(subnet.split('/')[0]!, target)),
			);
		});
		return lines.length > 0 ? [{node: node.name, lines: lines.slice(0, 4)}] : [];
	});
}

export const pools: Signature[] = [
	{
		id: 'pool-exhausted',
		blame: 'host',
		confidence: 'certain',
		cause:
			'A network has no free address left. Each node takes one on every network, besides each task and virtual address.',
		remedy: 'Create the network with a larger --subnet.',
		issue: 'moby#37338, moby#31694',
		requires: ['tasks'],
		shows: either(
			failedTasks(/could not find an available( IP|, non-overlapping)|no available (IP|addresses)/i),
			recentLinesOf('dockerd-log', /could not find an available IP|no available (IPv4 )?addresses/),
		),
	},
	{
		id: 'resolver-in-pool',
		blame: 'host',
		confidence: 'likely',
		cause: 'The name server of {nodes} has an address inside of a network of the swarm, so containers cannot reach it.',
		remedy: 'Initialise the swarm with --default-addr-pool set to addresses that nothing else uses.',
		issue: 'moby#27399',
		requires: ['resolver', 'networks'],
		shows: resolverInPool,
	},
	{
		id: 'route-in-pool',
		blame: 'host',
		confidence: 'likely',
		cause: 'A route of {nodes} overlaps a network of the swarm.',
		remedy:
			'Initialise the swarm with --default-addr-pool set to addresses that nothing else uses, or remove the route.',
		issue: 'moby#24220, moby#41525',
		requires: ['addresses', 'networks'],
		shows: routeInPool,
	},
];
