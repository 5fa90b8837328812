/** Packets of overlays that are lost inside of a node, where the evidence does not show by what. */
import {isAway} from '../away.ts';
import {changedCards, wrongPorts} from '../cards-inside.ts';
import {culpritsOf, waysOf, withoutWay} from '../culprits.ts';
import {type Direction, directionsOf, trafficOf} from '../directions.ts';
import {shapedInside} from '../own-network.ts';
import {cardsOf} from '../read-cards.ts';
import {wrongRoutesInside} from '../routes-inside.ts';
import {either} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf, type NodeView} from '../view.ts';

/** Echo requests that a node sent to another one, and got answers to. */
function countOf(from: NodeView, to: NodeView): {sent: number; received: number} {
	const pings = from.pings.filter(({peer}) => peer === to.address);
	const sum = (key: 'sent' | 'received') => pings.reduce((all, each) => all + each[key], 0);
	return {sent: sum('sent'), received: sum('received')};
}

/**
 * Whether a node loses packets of overlays behind its VXLAN devices: it sends nothing there, or what others sent to it comes out
 * of them, and no answer goes in. Counters are of all nodes together, so what the other nodes got is taken off.
 */
export function losesInside(node: NodeView, {directions, view, differences}: Seen): boolean {
	const traffic = trafficOf(node);
	const others = view.nodes.filter(each => each !== node && !isAway(each));
	const silent = others.filter(other =>
		directions.some(each => each.from === other && each.to === node && each.silent),
	);
	const lacksRows = differences.some(each => each.node === node.name && /forward|neighbour/.test(each.kind));
	if (!traffic || silent.length === 0 || lacksRows) {
		return false;
	}

	const sum = (nodes: readonly NodeView[], count: (other: NodeView) => number) =>
		nodes.reduce((all, other) => all + count(other), 0);
	const lost = sum(silent, other => countOf(other, node).sent);
	const answered = sum(others, other => countOf(other, node).received);
	const asked = sum(others, other => countOf(node, other).sent);
	const heard = sum(others, other => countOf(node, other).received);
	const arrives = traffic.received >= answered + heard + lost / 2;
	const answers = traffic.sent >= asked + answered + lost / 2;
	return (asked > 0 && traffic.sent === 0) || (arrives && !answers);
}

/** An end is away, or loses packets by itself: a netmask that takes another node for a broadcast address sends its packets back. */
function isOut({losers}: Seen, {from, to}: Direction): boolean {
	return [from, to].some(node => isAway(node) || losers.has(node.name));
}

/**
 * Nodes to and from which one overlay passes nothing, and another one does: all overlays use the same port between the nodes, so the
 * network does not tell them apart. Nodes that lack rows of it have another cause. What answers no echo request may answer others:
 * only where a connection got no answer, either, is anything lost.
 */
function ofOneOverlay(seen: Seen): Sighting[] {
	const {view, directions, differences} = seen;
	const isPassed = ({from, to}: Direction) =>
		directions.some(each => each.from === from && each.to === to && !each.silent);
	const networks = new Set(view.nodes.flatMap(({pings}) => pings.map(({network}) => network)));
	return [...networks].flatMap(network => {
		const all = directionsOf(view, network);
		const isTried = ({from, to}: Direction) =>
			from.pings.some(each => each.network === network && each.peer === to.address && each.refused === false);
		const silent = all.filter(each => each.silent && !isOut(seen, each) && isPassed(each) && isTried(each));
		return culpritsOf(
			silent,
			all.filter(each => !each.silent),
		)
			.filter(({name}) => !differences.some(({node, kind}) => node === name && /forward|neighbour/.test(kind)))
			.map(node => ({
				node: node.name,
				ways: waysOf(node, silent),
				lines: silent.filter(({from, to}) => [from, to].includes(node)).flatMap(({lines}) => lines.slice(0, 1)),
			}));
	});
}

function ofAllOverlays(seen: Seen): Sighting[] {
	const silent = seen.directions.filter(each => each.silent && !isOut(seen, each));
	return culpritsOf(
		silent,
		seen.directions.filter(each => !each.silent),
	)
		.filter(node => losesInside(node, seen))
		.map(node => ({
			node: node.name,
			ways: waysOf(node, silent),
			lines: [
				...silent.filter(({from, to}) => [from, to].includes(node)).flatMap(({lines}) => lines.slice(0, 1)),
				...(trafficOf(node)?.lines ?? []),
			],
		}));
}

/** Containers whose kernel counted segments with a wrong checksum. Those came in what VXLAN carries, so no card of the node counts them. */
function corruptedInOverlay({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const lines = node.sections('container-network').flatMap(section => {
			const wrong = [...cardsOf([section])].filter(([address, {badTcp}]) => badTcp > 0 && !address.startsWith('127.'));
			return wrong
				.slice(0, 1)
				.map(([address, {badTcp}]) => lineOf(node, section.file, `${address}: TcpInCsumErrors ${badTcp}`));
		});
		return lines.length > 0 ? [{node: node.name, lines}] : [];
	});
}

export const inside: Signature[] = [
	{
		id: 'segments-corrupted',
		blame: 'host',
		confidence: 'likely',
		cause:
			'TCP segments come to containers on {nodes} with wrong checksums, and the kernel drops them: ping works there, and TCP does not.',
		remedy:
			'On the nodes that send them, let the kernel write the checksums: `ethtool -K CARD tx-checksum-ip-generic off` for the card between the nodes. Update its driver or firmware.',
		issue: 'moby#41775',
		requires: ['container-network'],
		shows: corruptedInOverlay,
		rulesOut: 'no container has counted TCP segments with a wrong checksum',
	},
	{
		id: 'traffic-control-inside',
		blame: 'host',
		confidence: 'likely',
		cause:
			"A card inside of a container or of an engine's namespace on {nodes} has traffic control that delays, limits or drops packets: {detail}.",
		remedy:
			'`nsenter --net=NAMESPACE tc -s qdisc` shows it, and `tc qdisc del` removes it. Tools that test faults leave such ones behind.',
		requires: ['container-network', 'overlay'],
		shows: ({view}) => shapedInside(view),
	},
	{
		id: 'route-inside-wrong',
		blame: 'host',
		confidence: 'certain',
		cause:
			"In a container or an engine's namespace on {nodes}, packets do not leave by the card by which they should: {detail}.",
		remedy:
			'`nsenter --net=NAMESPACE ip route` shows it. `docker service update --force SERVICE` makes the containers of tasks anew.',
		requires: ['container-network'],
		shows: ({view}) => wrongRoutesInside(view),
		rulesOut: 'containers and balancers have the routes to the networks of their cards',
	},
	{
		id: 'bridge-port-wrong',
		blame: 'host',
		confidence: 'certain',
		cause:
			'A card of an overlay does not pass on what comes to it, as the bridge of its network does not have it as a port that forwards: {detail}.',
		remedy:
			'`docker service update --force SERVICE` makes the cards of its tasks anew. If it is vxlan0, restart the engine of {nodes} when no container is on that network.',
		requires: ['overlay'],
		// The ports of a bridge that is down are disabled.
		unlessThere: ['overlay-device-down'],
		shows: ({view}) => wrongPorts(view),
		rulesOut: 'the cards of all overlays are ports of their bridges',
	},
	{
		id: 'container-card-changed',
		blame: 'host',
		confidence: 'certain',
		cause:
			'The card of a container was changed behind the engine, and the other nodes send to what the engine reports: {detail}.',
		remedy:
			'`docker service update --force SERVICE` makes the containers of its tasks anew. Look for who calls `ip link` or `ip address` in the namespaces of containers.',
		requires: ['container-network', 'networks'],
		unlessThere: ['task-disconnected', 'mtu-of-overlay'],
		shows: ({view}) => changedCards(view),
		rulesOut: 'the cards of containers have the addresses that the engine reports',
	},
	{
		id: 'dropped-inside-node',
		blame: 'host',
		confidence: 'likely',
		cause:
			'Packets of overlays are lost inside of {nodes}, between the VXLAN device and the containers: the network between the nodes is not to blame, and neither rows nor devices that are known show why.',
		remedy:
			"Look at `nft list ruleset`, `iptables-save` and `tc filter` in the namespaces of the overlay (/var/run/docker/netns/1-… and lb_…) of {nodes}. Restarting the service's task there makes its devices anew.",
		requires: ['path', 'overlay', 'overlay-after'],
		unless: ['starved', 'keys-differ', 'esp-dropped', 'esp-dropped-by-node'],
		unlessThere: [
			...withoutWay,
			'overlay-device-down',
			'bridge-port-wrong',
			'container-card-changed',
			'engine-down',
			'process-stopped',
			'traffic-control-inside',
		],
		shows: either(ofAllOverlays, ofOneOverlay),
	},
];
