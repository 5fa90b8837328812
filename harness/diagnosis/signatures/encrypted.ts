/** Causes in encrypted overlays: keys, and ESP that does not arrive. */
import {hasDropped, ruleLines} from '../dropping-rules.ts';
import {differencesOf} from '../sightings.ts';
import type {Signature} from '../signature.ts';

const dropsEsp = /-p (esp|50) .*-j (DROP|REJECT)|(ip protocol|meta l4proto) (esp|50) .*(drop|reject)/;

export const encrypted: Signature[] = [
	{
		id: 'keys-differ',
		blame: 'product',
		confidence: 'certain',
		cause: 'The nodes of an encrypted overlay do not have the same keys: {detail}.',
		remedy: 'Run the same engine version on all nodes: 28.2 and 29.0 to 29.2.0 compute other SPIs than the rest.',
		issue: 'moby#51798',
		versions: '28.2.x, 29.0.0 to 29.2.0',
		requires: ['xfrm'],
		shows: differencesOf('keys'),
		rulesOut: 'both ends of encrypted overlays have the same SPIs',
	},
	{
		id: 'esp-dropped-by-node',
		blame: 'host',
		confidence: 'certain',
		cause: 'A packet filter rule on {nodes} drops ESP (IP protocol 50), so nothing of an encrypted overlay crosses.',
		remedy: 'Remove the rule, or accept protocol 50 between all nodes before it. Opening ports is not enough.',
		issue: 'moby#46838',
		requires: ['packet-filter'],
		shows: ({view}) =>
			view.nodes.flatMap(node => {
				const lines = ruleLines(node, dropsEsp).filter(line => hasDropped(node, line));
				return lines.length > 0 ? [{node: node.name, lines}] : [];
			}),
	},
	{
		id: 'esp-dropped',
		blame: 'network',
		confidence: 'likely',
		cause:
			'Between {nodes} nothing of an encrypted overlay arrives, though the keys match: ESP (IP protocol 50) is dropped.',
		remedy: 'Pass IP protocol 50 between all nodes; opening ports is not enough.',
		issue: 'moby#46838',
		requires: ['path', 'xfrm'],
		unless: ['starved', 'keys-differ', 'vxlan-dropped-by-node', 'esp-dropped-by-node'],
		shows: ({view, directions}) => {
			const encrypted = new Set(
				view.nodes.flatMap(({networks}) => networks.filter(each => each.encrypted).map(({id}) => id.slice(0, 10))),
			);
			return view.nodes.flatMap(node => {
				const lost = node.pings.filter(({network, received}) => encrypted.has(network) && received === 0);
				const plain = node.pings.filter(({network, received}) => !encrypted.has(network) && received > 0);
				const silent = directions.some(each => each.from === node && each.silent);
				const rules = ruleLines(node, dropsEsp).filter(line => hasDropped(node, line));
				return lost.length > 0 &&
					(plain.length > 0 || !silent || rules.length > 0) &&
					lost.length === node.pings.filter(({network}) => encrypted.has(network)).length
					? [{node: node.name, lines: [...rules, ...lost.map(({line}) => line).slice(0, 3)]}]
					: [];
			});
		},
	},
];
