/** Causes of what large packets alone show: a card, a device or a way that carries less than the overlays need. */
import {culpritsOf, waysOf, withoutWay} from '../culprits.ts';
import type {Direction} from '../directions.ts';
import {droppingRules} from '../dropping-rules.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

/** Bytes that VXLAN adds to a packet of an overlay: Ethernet, IP, UDP and its own header. */
const vxlanBytes = 50;

function smallCard({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const cards = node.text('addresses').split(/^(?=\d+: )/m);
		const card = cards.find(each => each.includes(` inet ${node.address}/`)) ?? '';
		const carries = Number(/ mtu (\d+)/.exec(card)?.[1] ?? Number.POSITIVE_INFINITY);
		const needed = Math.max(0, ...node.overlays.map(({device}) => (device?.mtu ?? 0) + vxlanBytes));
		const line = lineOf(node, `${node.name}/addresses.txt`, card.split('\n')[0]!);
		return carries < needed ? [{node: node.name, detail: `${node.name}: ${carries} of ${needed}`, lines: [line]}] : [];
	});
}

/** The VXLAN device of an overlay carries less than that of another node. */
function smallOverlay({view}: Seen): Sighting[] {
	const devices = view.nodes.flatMap(node =>
		node.overlays.flatMap(({id, device}) => (device ? [{node, id, device}] : [])),
	);
	return [...Map.groupBy(devices, ({id}) => id).values()].flatMap(ofNetwork => {
		const most = Math.max(...ofNetwork.map(({device}) => device.mtu));
		return ofNetwork
			.filter(({device}) => device.mtu < most)
			.map(({node, device}) => ({
				node: node.name,
				detail: `${node.name}: ${device.mtu} of ${most}`,
				lines: [device.line],
			}));
	});
}

export const mtu: Signature[] = [
	{
		id: 'mtu-by-node',
		blame: 'host',
		confidence: 'certain',
		cause: 'A packet filter rule on {nodes} drops long packets of VXLAN: small answers arrive, and large ones hang.',
		remedy: 'Remove the rule.',
		issue: 'moby#36689',
		requires: ['packet-filter', 'path'],
		shows: seen =>
			seen.view.nodes.flatMap(node => {
				const rules = droppingRules(node, 4789).filter(({text}) => /length/.test(text));
				const small = seen.directions.filter(each => each.smallOnly && (each.from === node || each.to === node));
				return rules.length > 0 && small.length > 0
					? [{node: node.name, lines: [...rules, ...small.flatMap(({lines}) => lines).slice(0, 3)]}]
					: [];
			}),
	},
	{
		id: 'mtu-of-card',
		blame: 'host',
		confidence: 'likely',
		cause:
			"The card of {nodes} between the nodes carries less than the overlays' MTU plus 50 bytes of VXLAN ({detail}): what fills an overlay is cut up or dropped.",
		remedy: "Give the card the MTU of the other nodes', or create overlays with --opt com.docker.network.driver.mtu.",
		issue: 'moby#36689',
		requires: ['addresses', 'overlay'],
		shows: smallCard,
		rulesOut: "the cards between the nodes carry the overlays' MTU and 50 bytes of VXLAN",
	},
	{
		id: 'mtu-of-overlay',
		blame: 'host',
		confidence: 'certain',
		cause:
			'The VXLAN device of an overlay on {nodes} carries less than that of the other nodes ({detail}): longer packets are dropped there, and nothing says so.',
		remedy:
			"Give the device the MTU of the other nodes' (`ip link set vxlan0 mtu` in the namespace of the overlay), or restart the engine after its tasks have left.",
		requires: ['overlay'],
		shows: smallOverlay,
		rulesOut: 'the VXLAN devices of each overlay carry the same on all nodes',
	},
	{
		id: 'mtu-of-path',
		blame: 'network',
		confidence: 'likely',
		cause:
			"Small packets cross to and from {nodes}, and packets that fill the overlay do not: the path between the nodes carries less than the overlay's MTU plus 50 bytes of VXLAN, and does not say so.",
		remedy:
			'Create overlays with --opt com.docker.network.driver.mtu=1350 (ingress, too), or raise the MTU of the path.',
		issue: 'moby#36689, moby#41332',
		requires: ['path'],
		unless: ['starved', 'mtu-by-node', 'mtu-of-card', 'mtu-of-overlay'],
		unlessThere: [...withoutWay, 'packets-lost', 'packets-corrupted'],
		shows: ({directions, losers}) => {
			const isOwn = ({from, to}: Direction) => losers.has(from.name) || losers.has(to.name);
			const small = directions.filter(each => each.smallOnly && !each.knownMtu && !isOwn(each));
			const whole = directions.filter(each => !each.smallOnly && !each.silent);
			return culpritsOf(small, whole).map(node => {
				const mine = small.filter(({from, to}) => from === node || to === node);
				return {node: node.name, ways: waysOf(node, small), lines: mine.flatMap(({lines}) => lines).slice(0, 3)};
			});
		},
		rulesOut: "packets as large as the overlay's MTU cross between the nodes",
	},
	{
		id: 'mtu-remembered',
		blame: 'host',
		confidence: 'possible',
		cause:
			'Kernels remember a smaller MTU of the way than overlays have ({detail}): a card or a route had it within the last 10 minutes. TCP keeps to it; a larger datagram that may not be cut up is refused.',
		remedy:
			'Wait 10 minutes (net.ipv4.route.mtu_expires), or `ip route flush cache` in the namespaces of the engine. Look for what changed the MTU.',
		requires: ['path'],
		unless: ['starved', 'mtu-of-card'],
		shows: ({directions}) =>
			directions
				.filter(({knownMtu}) => knownMtu)
				.map(({from, to, knownMtu, lines}) => ({
					node: from.name,
					detail: `${from.name} to ${to.name}: ${knownMtu}`,
					lines,
				})),
	},
];
