/** Routes inside of containers and of the engine's namespaces, to the networks on which their cards are. Pure. */
import type {EvidenceSection} from '../model/index.ts';
import {settledSections} from './settled.ts';
import type {Sighting} from './signature.ts';
import {lineOf, type View} from './view.ts';

/** A subnet of a card, as the kernel writes it into its route: `10.200.1.0/24`. */
function subnetOf(address: string, bits: number): string {
	const number = address.split('.').reduce((all, part) => all * 256 + Number(part), 0);
	const size = 2 ** (32 - bits);
	const first = Math.floor(number / size) * size;
	return `${[24, 16, 8, 0].map(shift => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}

/** The subnets of the cards that are up, each with its card. A virtual address has 32 bits, and no route. */
function subnetsIn(text: string): {card: string; subnet: string}[] {
	return text.split(/^(?=\d+: )/m).flatMap(block => {
		const [, card = 'lo', flags = ''] = /^\d+: ([^:@]+)\S* <(\S*)>/.exec(block) ?? [];
		return card === 'lo' || !/\bUP\b/.test(flags)
			? []
			: [...block.matchAll(/^ +inet ([\d.]+)\/(\d+) /gm)].flatMap(([, address, bits]) =>
					Number(bits) < 32 ? [{card, subnet: subnetOf(address!, Number(bits))}] : [],
				);
	});
}

const discards = /^(?:blackhole|unreachable|prohibit|throw) /;

/** What is wrong with the routes of one namespace. By the default route of the mesh, answers leave for clients outside of the swarm. */
function wrongIn({text, probe}: EvidenceSection): string[] {
	const lines = text.split('\n');
	// Evidence of earlier versions has no routes of balancers.
	if (!lines.some(line => /^== route$|^default via |^[\d./]+ dev \S+ /.test(line))) {
		return [];
	}

	const missing = subnetsIn(text).filter(
		({card, subnet}) => !lines.some(line => line.startsWith(`${subnet} dev ${card} `)),
	);
	return [
		...lines.filter(line => discards.test(line)).map(line => line.trim()),
		...(probe === 'ingress' && !lines.some(line => line.startsWith('default '))
			? ['the routing mesh has no default route']
			: []),
		...missing.map(({card, subnet}) => `no route to ${subnet} by ${card}, which has an address there`),
	];
}

/** Namespaces in which packets for the subnet of a card do not leave by this card. */
export function wrongRoutesInside({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const sections = [
			...settledSections(node, 'container-network'),
			...['balancer', 'ingress'].flatMap(probe => node.whole(probe)),
		];
		const found = sections.flatMap(section => wrongIn(section).map(what => ({section, what})));
		return found.length === 0
			? []
			: [
					{
						node: node.name,
						detail: [...new Set(found.map(({what}) => what))].join('; '),
						lines: found.map(({section, what}) => lineOf(node, section.file, `=== ${section.namespace}: ${what}`)),
					},
				];
	});
}
