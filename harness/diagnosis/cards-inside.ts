/** Cards inside of a node that are not as the engine has made them: ports of bridges, and cards of containers. Pure. */
import type {EvidenceLine, EvidenceSection} from '../model/index.ts';
import {settledSections} from './settled.ts';
import type {Sighting} from './signature.ts';
import {lineOf, type NodeView, type View} from './view.ts';

interface Found {
	detail: string;
	line: EvidenceLine;
}

function sightingsOf({nodes}: View, find: (node: NodeView) => Found[]): Sighting[] {
	return nodes.flatMap(node => {
		const found = find(node);
		return found.length > 0
			? [
					{
						node: node.name,
						detail: found
							.slice(0, 4)
							.map(({detail}) => detail)
							.join('; '),
						lines: found.map(({line}) => line),
					},
				]
			: [];
	});
}

const blocksOf = (text: string) => text.split(/^(?=\d+: )/m);

/**
 * The engine makes each card of an overlay's namespace a port of its bridge (moby, libnetwork/drivers/overlay: addInterface). One that
 * is down, or whose other end in a container is down or not up yet, is another cause. `ip -d` prints the state of the port: disabled, listening, learning, forwarding or blocking.
 */
export function wrongPorts(view: View): Sighting[] {
	return sightingsOf(view, node =>
		node.whole('overlay').flatMap(section =>
			blocksOf(section.text).flatMap(block => {
				const [first = ''] = block.split('\n');
				const [, card, flags = ''] = /^\d+: ((?:veth|vxlan)\d+)\S* <(\S*)>/.exec(first) ?? [];
				if (!card || !/\bUP\b/.test(flags) || flags.includes('NO-CARRIER')) {
					return [];
				}

				const [, state = 'forwarding'] = /bridge_slave state (\w+)/.exec(block) ?? [];
				const wrong = / master \S+ /.test(first)
					? state === 'forwarding'
						? undefined
						: `is ${state}`
					: 'is in no bridge';
				const detail = `${card} of ${section.namespace} on ${node.name} ${wrong}`;
				return wrong ? [{detail, line: lineOf(node, section.file, `=== ${section.namespace}: ${detail}`)}] : [];
			}),
		),
	);
}

/** The cards of a container that have an address, by IPv4 address. */
function cardsIn({text}: EvidenceSection): Map<string, {hardware: string; mtu: number}> {
	return new Map(
		blocksOf(text).flatMap(block => {
			const [, hardware] = /link\/ether ([0-9a-f:]{17})/.exec(block) ?? [];
			const mtu = Number(/ mtu (\d+) /.exec(block)?.[1] ?? 0);
			return hardware
				? [...block.matchAll(/^\s+inet ([\d.]+)\//gm)].map(([, address]) => [address!, {hardware, mtu}] as const)
				: [];
		}),
	);
}

/**
 * Containers whose cards do not have the address, or the hardware address, that the engine reports, or that send longer packets than
 * their overlay carries: it drops those, and does not say so. Of a container that is on one
 * overlay only, a missing address is not seen: its card on docker_gwbridge does not say whose it is.
 */
export function changedCards(view: View): Sighting[] {
	return sightingsOf(view, node => {
		const endpoints = node.networks.flatMap(({name: network, id, endpoints: all}) => {
			const mtu = node.overlays.find(each => each.id === id.slice(0, 10))?.device?.mtu;
			return [...all].map(([address, {name, hardware}]) => ({network, address, name, hardware, mtu}));
		});
		return settledSections(node, 'container-network').flatMap(section => {
			const has = cardsIn(section);
			const owner = endpoints.find(({address}) => has.has(address))?.name;
			return endpoints
				.filter(({name}) => name === owner)
				.flatMap(({network, address, hardware, mtu}) => {
					const own = has.get(address);
					const wrong =
						own?.hardware !== hardware
							? `has ${own?.hardware ?? 'no card'} for ${address} on ${network}, not ${hardware}`
							: mtu && own.mtu > mtu
								? `has an MTU of ${own.mtu} on ${network}, which carries ${mtu}`
								: undefined;
					const detail = `${owner!.split('.')[0]} on ${node.name} ${wrong}`;
					return wrong ? [{detail, line: lineOf(node, section.file, `=== ${section.namespace}: ${detail}`)}] : [];
				});
		});
	});
}
