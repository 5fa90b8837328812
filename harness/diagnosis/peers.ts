/** Whether nodes agree on who takes part in a network, and on the keys of encrypted ones. Pure. */
import type {Difference} from './agreement.ts';
import type {NetworkView} from './read-engine.ts';
import {lineOf, type View} from './view.ts';

/** Returns all networks that any node knows, each once. */
export function networksOf({nodes}: View): NetworkView[] {
	return [...new Map(nodes.flatMap(({networks}) => networks).map(each => [each.id, each])).values()];
}

/** Nodes that take part in a network must have the same peers. */
export function ofPeers(view: View): Difference[] {
	return networksOf(view).flatMap(({id, name}) => {
		const knowing = view.nodes.flatMap(node =>
			node.networks.filter(each => each.id === id && each.peers.length > 0).map(({peers}) => ({node, peers})),
		);
		const all = knowing.map(({node}) => node.advertised);
		return knowing.flatMap(({node, peers}) => {
			const missing = all.filter(address => !peers.includes(address));
			return missing.length === 0
				? []
				: {
						kind: 'peers' as const,
						node: node.name,
						says: `${node.name} does not know that ${missing.join(' and ')} take part in network ${name}`,
						lines: [lineOf(node, `${node.name}/networks.txt`, `Peers of ${name}: ${peers.join(', ')}`)],
					};
		});
	});
}

/** What one end encrypts with must be what the other end decrypts with: the same SPI for the same pair of addresses. */
export function ofKeys({nodes}: View): Difference[] {
	const states = nodes.flatMap(node => {
		const found = node.text('xfrm').matchAll(/^src (\S+) dst (\S+)\n\s+proto esp spi (0x[0-9a-f]+)/gm);
		return [...found].map(([line, from, to, spi]) => ({
			node,
			from: from!,
			to: to!,
			spi: spi!,
			line: line!.replace(/\s+/g, ' '),
		}));
	});
	return states.flatMap(({node, from, to, spi, line}) => {
		const other = nodes.find(({address}) => address === to);
		if (node.address !== from || !other?.has('xfrm')) {
			return [];
		}

		const theirs = states.filter(each => each.node === other && each.from === from && each.to === to);
		return theirs.some(each => each.spi === spi)
			? []
			: {
					kind: 'keys' as const,
					node: node.name,
					peer: to,
					says: `${node.name} encrypts for ${other.name} with SPI ${spi}, which ${other.name} does not have`,
					lines: [
						lineOf(node, `${node.name}/xfrm.txt`, line),
						...theirs.map(each => lineOf(other, `${other.name}/xfrm.txt`, each.line)),
					],
				};
	});
}
