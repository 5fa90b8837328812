/** Causes in gossip, by which nodes learn of each other's tasks (tcp and udp 7946). */
import {differencesOf, droppingRules, linesOf} from '../sightings.ts';
import type {Signature} from '../signature.ts';

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
				const lines = droppingRules(node, 7946);
				return lines.length > 0 ? [{node: node.name, lines}] : [];
			}),
	},
	{
		id: 'gossip-blocked',
		blame: 'network',
		confidence: 'likely',
		cause: "Nodes do not reach each other by gossip (tcp and udp 7946), so they miss each other's tasks: {detail}.",
		remedy: 'Pass tcp and udp 7946 between all nodes. A node that was away rejoins within 60 s.',
		issue: 'moby#40330, moby#37342',
		requires: ['networks'],
		unless: ['starved', 'gossip-blocked-by-node', 'node-unreachable', 'engine-down', 'engine-hangs', 'gossip-lost'],
		shows: differencesOf('peers'),
		rulesOut: 'all nodes know the same peers of each network',
	},
	{
		id: 'gossip-lost',
		blame: 'host',
		confidence: 'likely',
		cause:
			'Nodes lost each other and rejoined, by the log of {nodes}: their tasks left balancers and name servers meanwhile. That happens when a node, or its host, is too busy to answer, and when gossip (7946) is cut.',
		remedy:
			'Look at the load of the nodes and their hosts, then at tcp and udp 7946 between them. Wait 60 s, and look again.',
		issue: 'moby#36311',
		requires: ['dockerd-log'],
		unless: ['starved'],
		shows: seen => {
			const log = linesOf(
				'dockerd-log',
				/change state NodeActive --> Node(Failed|Left)|memberlist: Marking \S+ as failed|bulk sync to node \S+ failed|connectivity issues/,
			)(seen);
			const differs = seen.differences
				.filter(({kind}) => kind !== 'keys' && kind !== 'stale-backend')
				.map(({node}) => node);
			return log.filter(({node}) => differs.includes(node) || seen.view.members?.some(({state}) => state !== 'ready'));
		},
	},
];
