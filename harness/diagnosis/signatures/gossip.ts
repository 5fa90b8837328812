/** Causes in gossip, by which nodes learn of each other's tasks (tcp and udp 7946). */
import type {Difference} from '../agreement.ts';
import {culpritsOf, type Path, waysOf, withoutWay} from '../culprits.ts';
import {droppingRules, hasDropped} from '../dropping-rules.ts';
import {gossipPort, lossOf, onlyTcpLines} from '../gossip.ts';
import {blockedPaths, lanPathsOf} from '../lan-paths.ts';
import {ownLoss} from '../own-network.ts';
import {differencesOf, either, recentLinesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';

const port = gossipPort;

function tcpBlocked({view, losers}: Seen): Sighting[] {
	const paths = lanPathsOf(view).filter(
		({from, to, ports}) => ports.has(port) && !losers.has(from.name) && !losers.has(to.name),
	);
	const broken = blockedPaths(paths, port);
	const working = paths.filter(path => !broken.includes(path));
	return culpritsOf(broken, working).map(node => ({
		node: node.name,
		ways: waysOf(node, broken),
		detail: `tcp/${port} of ${node.name} gets no answer`,
		lines: broken.filter(({from, to}) => from === node || to === node).map(({ports}) => ports.get(port)!.line),
	}));
}

function udpBlocked({view}: Seen): Sighting[] {
	const found = onlyTcpLines(view);
	const isSilent = ({from, to}: Path) => found.some(each => each.from === from && each.to === to);
	const all = view.nodes.flatMap(from => view.nodes.flatMap(to => (from === to ? [] : [{from, to}])));
	return culpritsOf(
		found,
		all.filter(path => !isSilent(path)),
	).map(node => ({
		node: node.name,
		ways: waysOf(node, found),
		detail: `udp/${port} of ${node.name} gets no answer, and tcp/${port} does`,
		lines: found
			.filter(({from, to}) => from === node || to === node)
			.map(({line}) => line)
			.slice(-4),
	}));
}

/** Nodes whose tables, or whose managers, still show that they lost others. */
function lostOthers({view, differences}: Seen): Sighting[] {
	const isIncomplete = ({kind, node}: Difference, name: string) =>
		node === name && !['keys', 'stale-backend', 'wrong-forward', 'wrong-neighbour'].includes(kind);
	return view.nodes.flatMap(from => {
		const mine = differences.filter(each => isIncomplete(each, from.name));
		const lines = view.nodes.flatMap(to => {
			const isMissed =
				mine.some(({peer}) => peer === undefined || peer === to.address) ||
				view.members?.some(({address, state}) => state !== 'ready' && address === to.address);
			return from !== to && isMissed ? lossOf(view, from, to) : [];
		});
		return lines.length > 0 ? [{node: from.name, lines: lines.slice(-5)}] : [];
	});
}

/** Whether the evidence tells how the nodes reach each other on the LAN. */
const triedLan = ({view}: Seen) => lanPathsOf(view).length > 0;
const peersDiffer = differencesOf('peers');

export const gossip: Signature[] = [
	{
		id: 'gossip-keys-differ',
		blame: 'product',
		confidence: 'likely',
		cause: '{nodes} cannot read what other nodes tell of their tasks: it missed a change of the keys of gossip.',
		remedy: 'Restart the engine of {nodes}: it gets the keys of today from a manager.',
		issue: 'moby#37725',
		requires: ['dockerd-log'],
		shows: recentLinesOf('dockerd-log', /No installed keys could decrypt the message/),
	},
	{
		id: 'gossip-blocked-by-node',
		blame: 'host',
		confidence: 'certain',
		cause:
			"A packet filter rule on {nodes} drops gossip (tcp and udp 7946), by which nodes learn of each other's tasks.",
		remedy: 'Remove the rule, or accept tcp and udp 7946 between all nodes before it.',
		issue: 'moby#40330',
		requires: ['packet-filter'],
		shows: ({view}) =>
			view.nodes.flatMap(node => {
				const lines = droppingRules(node, port, hasDropped);
				return lines.length > 0 ? [{node: node.name, lines}] : [];
			}),
	},
	{
		id: 'gossip-blocked',
		blame: 'network',
		confidence: 'certain',
		cause: "Nodes do not reach each other by gossip (tcp and udp 7946), so they miss each other's tasks: {detail}.",
		remedy: 'Pass tcp and udp 7946 between all nodes. A node that was away rejoins within 60 s.',
		issue: 'moby#40330, moby#37342',
		requires: ['networks'],
		unless: ['starved', 'address-twice', 'gossip-blocked-by-node', 'node-unreachable', 'engine-down', 'engine-hangs'],
		unlessThere: withoutWay,
		shows: either(tcpBlocked, udpBlocked, seen => (triedLan(seen) ? [] : peersDiffer(seen))),
		rulesOut: 'all nodes reach each other by gossip (tcp/7946)',
	},
	{
		id: 'gossip-lost',
		blame: 'host',
		confidence: 'likely',
		cause:
			'Nodes lost each other and rejoined, by the log of {nodes}: their tasks left balancers and name servers meanwhile. That happens when a node, or its host, is too busy to answer, and when gossip (7946) was cut.',
		remedy:
			'Look at the load of the nodes and their hosts, then at tcp and udp 7946 between them. Wait 60 s, and look again.',
		issue: 'moby#36311',
		requires: ['dockerd-log'],
		unless: [
			'starved',
			'address-twice',
			'gossip-blocked',
			'gossip-blocked-by-node',
			'cut-off',
			'node-unreachable',
			'engine-down',
			'engine-hangs',
			...ownLoss,
		],
		shows: either(lostOthers, seen => (triedLan(seen) ? peersDiffer(seen) : [])),
	},
];
