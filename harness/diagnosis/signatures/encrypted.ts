/** Causes in encrypted overlays: keys, and ESP that does not arrive. */
import {hasDropped, ruleLines} from '../dropping-rules.ts';
import {differencesOf, either} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf, type View} from '../view.ts';

const dropsEsp = /-p (esp|50) .*-j (DROP|REJECT)|(ip protocol|meta l4proto) (esp|50) .*(drop|reject)/;

/** Ids of encrypted overlays, as the engine shortens them. */
function encryptedIn({nodes}: View): Set<string> {
	return new Set(nodes.flatMap(({networks}) => networks.filter(each => each.encrypted).map(({id}) => id.slice(0, 10))));
}

/** What a node is to send to another one encrypted, and by which key: the last line of the policy, and its SPI. */
function policiesIn(text: string): {to: string; spi: string; line: string}[] {
	const found = text.matchAll(
		/^src \S+ dst \S+ .*\n\s+dir out .*\n(?:\s+mark .*\n)?\s+tmpl src \S+ dst (\S+)\n\s+proto esp spi (0x[0-9a-f]+).*/gm,
	);
	return [...found].map(([policy, to, spi]) => ({to: to!, spi: spi!, line: policy.replace(/\s+/g, ' ')}));
}

/**
 * Nodes that do not encrypt for another one, and get no answer from there: without the key that its policy names, the kernel drops
 * what it is to send; without the policy it sends in the clear, which the other node drops (moby, libnetwork overlay/encryption.go).
 */
function doesNotEncrypt({view}: Seen): Sighting[] {
	const networks = encryptedIn(view);
	return view.nodes.flatMap(node =>
		node.whole('xfrm').flatMap(({file, text}) => {
			const [states = '', policies] = text.split(/^== policy$/m);
			const keys = [...states.matchAll(/^src (\S+) dst (\S+)\n\s+proto esp spi (0x[0-9a-f]+)/gm)].filter(
				([, from]) => from === node.address,
			);
			const wanted = policiesIn(policies ?? '');
			const keyGone = wanted
				.filter(({to, spi}) => !keys.some(([, , other, of]) => other === to && of === spi))
				.map(({to, spi, line}) => ({to, what: `no key with SPI ${spi}, by which it is to encrypt`, line}));
			const policyGone = [...new Set(keys.map(([, , to]) => to!))]
				.filter(to => policies !== undefined && !wanted.some(each => each.to === to))
				.map(to => ({to, what: 'no policy to encrypt', line: `== policy: none out to ${to}`}));
			return [...keyGone, ...policyGone].flatMap(({to, what, line}) => {
				const pings = node.pings.filter(({peer, network}) => peer === to && networks.has(network));
				const name = view.nodes.find(({address}) => address === to)?.name ?? to;
				return pings.length === 0 || pings.some(({received}) => received > 0)
					? []
					: {
							node: node.name,
							detail: `${node.name} has ${what} for ${name}`,
							lines: [lineOf(node, file, line), pings[0]!.line],
						};
			});
		}),
	);
}

export const encrypted: Signature[] = [
	{
		id: 'keys-differ',
		blame: 'product',
		confidence: 'certain',
		cause: 'Keys or policies of encrypted overlays are not the same on all nodes: {detail}.',
		remedy:
			'Run the same engine version on all nodes: 28.2 and 29.0 to 29.2.0 compute other SPIs than the rest. What was removed behind the engine, it makes again when it restarts.',
		issue: 'moby#51798',
		versions: '28.2.x, 29.0.0 to 29.2.0',
		requires: ['xfrm'],
		shows: either(differencesOf('keys'), doesNotEncrypt),
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
			'What {nodes} send through an encrypted overlay is lost between the nodes, though the keys match: ESP (IP protocol 50) is dropped.',
		remedy: 'Pass IP protocol 50 between all nodes; opening ports is not enough.',
		issue: 'moby#46838',
		requires: ['path', 'xfrm'],
		unless: ['starved', 'keys-differ', 'vxlan-dropped-by-node', 'esp-dropped-by-node'],
		shows: ({view, directions}) => {
			const encrypted = encryptedIn(view);
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
