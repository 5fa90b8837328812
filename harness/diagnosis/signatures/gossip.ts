/** Causes in gossip, by which nodes learn of each other's tasks (tcp and udp 7946). */
import {culpritsOf, type Path} from '../culprits.ts';
import {isBlocked, lanPathsOf} from '../lan-paths.ts';
import {differencesOf, droppingRules, either, recentLinesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import type {NodeView, View} from '../view.ts';

const port = 7946;

function tcpBlocked({view}: Seen): Sighting[] {
	const paths = lanPathsOf(view).filter(({ports}) => ports.has(port));
	const broken = paths.filter(path => isBlocked(path, port));
	const working = paths.filter(path => !isBlocked(path, port));
	return culpritsOf(broken, working).map(node => ({
		node: node.name,
		detail: `tcp/${port} of ${node.name} gets no answer`,
		lines: broken.filter(({from, to}) => from === node || to === node).map(({ports}) => ports.get(port)!.line),
	}));
}

/** memberlist's own words, older and newer ones (hashicorp/memberlist, state.go). */
const onlyTcp = /Was able to (?:reach|connect to) (\S+) (?:via TCP but not UDP|over TCP but UDP probes failed)/;

function udpBlocked({view}: Seen): Sighting[] {
	const found = view.nodes.flatMap(from =>
		from.recentLines('dockerd-log', onlyTcp, 100).flatMap(line => {
			const to = nodeOf(view, onlyTcp.exec(line.text)![1]!);
			return to ? [{from, to, line}] : [];
		}),
	);
	const isSilent = ({from, to}: Path) => found.some(each => each.from === from && each.to === to);
	const all = view.nodes.flatMap(from => view.nodes.flatMap(to => (from === to ? [] : [{from, to}])));
	return culpritsOf(
		found,
		all.filter(path => !isSilent(path)),
	).map(node => ({
		node: node.name,
		detail: `udp/${port} of ${node.name} gets no answer, and tcp/${port} does`,
		lines: found
			.filter(({from, to}) => from === node || to === node)
			.map(({line}) => line)
			.slice(-4),
	}));
}

/** Returns the node that gossip calls so. */
function nodeOf({nodes}: View, name: string): NodeView | undefined {
	const address = nodes.flatMap(({networks}) => networks.flatMap(({gossipNames}) => gossipNames.get(name) ?? []))[0];
	return nodes.find(node => node.address === address);
}

/** Whether the evidence tells how the nodes reach each other on the LAN. */
const triedLan = ({view}: Seen) => lanPathsOf(view).length > 0;
const peersDiffer = differencesOf('peers');

export const gossip: Signature[] = [
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
				const lines = droppingRules(node, port);
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
		],
		shows: seen => {
			const log = recentLinesOf(
				'dockerd-log',
				/change state NodeActive --> Node(Failed|Left)|memberlist: Marking \S+ as failed|bulk sync to node \S+ failed|connectivity issues/,
			)(seen);
			const differs = seen.differences
				.filter(({kind}) => kind !== 'keys' && kind !== 'stale-backend')
				.map(({node}) => node);
			const lost = log.filter(
				({node}) => differs.includes(node) || seen.view.members?.some(({state}) => state !== 'ready'),
			);
			return [...lost, ...(triedLan(seen) ? peersDiffer(seen) : [])];
		},
	},
];
