/** Causes in a node's own network and processes, which nobody needs Docker for. */
import {
	blockedByPolicy,
	droppingCounters,
	nftDropping,
	otherNetmasks,
	shapedCards,
	withoutArp,
	wrongNeighbours,
	wrongRoutes,
} from '../own-network.ts';
import {settledSections} from '../settled.ts';
import {either, recentLinesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

/** Signatures that tell the same of one rule, and more. */
const byRule = [
	'vxlan-dropped-by-node',
	'mtu-by-node',
	'gossip-blocked-by-node',
	'control-blocked-by-node',
	'esp-dropped-by-node',
	'input-dropped-by-node',
	'dropped-before-docker',
];

function stopped({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const lines = node
			.lines('engine', /^== stopped: /, 20)
			.filter(({text}) => !/: (dockerd|containerd) \d+$/.test(text));
		const paused = node
			.sections('containers')
			.flatMap(({file, text}) =>
				[...text.matchAll(/"Paused":\s*true[\s\S]*?"Name":\s*"([^"]+)"/g)].map(([, name]) =>
					lineOf(node, file, `"Paused": true: ${name!.replace(/^\//, '')}`),
				),
			);
		const all = [...lines, ...paused];
		const names = all.map(({text}) => text.split(': ').at(-1)!);
		return all.length > 0
			? [{node: node.name, lines: all, detail: `${node.name}: ${names.slice(0, 4).join(', ')}`}]
			: [];
	});
}

/** Places whose devices carry packets of overlays or of the routing mesh, with the devices that do. */
const carriers: [probe: string, devices: RegExp][] = [
	['addresses', /^docker_gwbridge$/],
	['overlay', /^(vxlan|br|veth)/],
	['balancer', /^eth/],
	['ingress', /^eth/],
	['container-network', /^eth/],
];

function deviceDown({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const lines = carriers.flatMap(([probe, devices]) =>
			(probe === 'container-network' ? settledSections(node, probe) : node.sections(probe)).flatMap(
				({file, text, namespace = 'node'}) =>
					[...text.matchAll(/^\d+: ([^:@]+)(?:@\S+)?: <([^>]*)>.*$/gm)]
						.filter(([, name, flags]) => devices.test(name!) && !flags!.split(',').includes('UP'))
						.map(([line]) => lineOf(node, file, `=== ${namespace}: ${line}`)),
			),
		);
		const detail = lines.map(({text}) => /=== (\S+): \d+: ([^:@]+)/.exec(text)!.slice(1).join(' ')).join(', ');
		return lines.length > 0 ? [{node: node.name, lines: lines.slice(0, 4), detail: `${node.name}: ${detail}`}] : [];
	});
}

function tableFull({view}: Seen): Sighting[] {
	return view.nodes.flatMap(node => {
		const value = (name: string) => Number(new RegExp(`nf_conntrack_${name}:(\\d+)`).exec(node.text('sysctl'))?.[1]);
		return value('count') >= value('max')
			? [
					{
						node: node.name,
						lines: node.lines('sysctl', /nf_conntrack_(count|max):/),
						detail: `${node.name}: ${value('count')} of ${value('max')} connections`,
					},
				]
			: [];
	});
}

const overflows = recentLinesOf('kernel-log', /nf_conntrack: .*table full, dropping packet|neighbor table overflow/);

export const hosts: Signature[] = [
	{
		id: 'route-to-node-wrong',
		blame: 'host',
		confidence: 'certain',
		cause: 'A route or a rule of {nodes} leads packets for other nodes away from the card between the nodes: {detail}.',
		remedy: 'Look at `ip rule` and `ip route show table all` there (addresses.txt), and remove what does not belong.',
		requires: ['path', 'addresses'],
		unless: ['lan-address-gone'],
		unlessThere: ['card-down', 'netmask-differs'],
		shows: ({view}) => wrongRoutes(view),
		rulesOut: 'all nodes send packets for each other by the card between them',
	},
	{
		id: 'lan-neighbour-wrong',
		blame: 'host',
		confidence: 'certain',
		cause: 'On the network between the nodes, packets go to a wrong hardware address: {detail}.',
		remedy:
			'`ip neigh flush` of the address on {nodes}. Look for a permanent row, for a second machine with the address, and for who answers ARP in its place.',
		requires: ['addresses'],
		unless: ['address-twice'],
		shows: ({view}) => wrongNeighbours(view),
		rulesOut: 'all nodes have the right hardware addresses of each other',
	},
	{
		id: 'netmask-differs',
		blame: 'host',
		confidence: 'likely',
		cause: 'The nodes do not have the same netmask on the network between them: {detail}.',
		remedy:
			'Give the address the netmask of the other nodes: others are taken for far away, or for a broadcast address.',
		requires: ['addresses'],
		shows: ({view}) => otherNetmasks(view),
		rulesOut: 'all nodes have the same netmask on the network between them',
	},
	{
		id: 'traffic-control',
		blame: 'host',
		confidence: 'likely',
		cause: 'The card of {nodes} between the nodes has traffic control that delays, limits or drops packets: {detail}.',
		remedy: 'Look at `tc -s qdisc` and `tc filter` of the card, and remove it with `tc qdisc del`.',
		requires: ['addresses'],
		shows: ({view}) => shapedCards(view),
	},
	{
		id: 'arp-off',
		blame: 'host',
		confidence: 'certain',
		cause:
			'{nodes} does not take part in ARP on the network between the nodes: the others do not learn its hardware address, or it does not learn theirs.',
		remedy: '`ip link set CARD arp on`, and `sysctl net.ipv4.conf.CARD.arp_ignore` 0 or 1, for all as well.',
		requires: ['addresses'],
		shows: ({view}) => withoutArp(view),
	},
	{
		id: 'blocked-by-policy',
		blame: 'host',
		confidence: 'certain',
		cause: 'A policy of IPsec on {nodes} blocks what goes to, or comes from, other nodes: {detail}.',
		remedy: '`ip xfrm policy` shows it, and `ip xfrm policy delete` removes it. The engine makes none that block.',
		requires: ['xfrm'],
		shows: ({view}) => blockedByPolicy(view),
	},
	{
		id: 'dropped-by-rule',
		blame: 'host',
		confidence: 'likely',
		cause:
			"A packet filter rule of {nodes}, which is not Docker's, drops packets while the nodes send some to each other: {detail}.",
		remedy: 'Look whether it is meant so. If not, remove it, or accept what swarms need before it.',
		issue: 'moby#35281',
		requires: ['packet-filter', 'packet-filter-after'],
		unlessThere: byRule,
		shows: ({view}) => [...droppingCounters(view, true), ...nftDropping(view)],
		rulesOut: "no packet filter rule besides Docker's drops packets between the nodes",
	},
	{
		id: 'rule-has-dropped',
		blame: 'host',
		confidence: 'possible',
		cause: "A packet filter rule of {nodes}, which is not Docker's, has dropped packets some time before: {detail}.",
		remedy:
			'Look whether its counter rises with the requests that fail. If it does, remove it, or accept them before it.',
		requires: ['packet-filter', 'packet-filter-after'],
		unlessThere: [...byRule, 'dropped-by-rule'],
		shows: ({view}) => droppingCounters(view, false),
	},
	{
		id: 'process-stopped',
		blame: 'host',
		confidence: 'certain',
		cause:
			'Processes are stopped or paused ({detail}): they take connections and never answer, and cannot be ended in order.',
		remedy: '`kill -CONT` of the process, or `docker unpause` of the container.',
		requires: ['engine'],
		shows: stopped,
	},
	{
		id: 'overlay-device-down',
		blame: 'host',
		confidence: 'certain',
		cause: 'Devices of the engine are down ({detail}), so nothing of an overlay or of the routing mesh passes there.',
		remedy:
			'Bring them up with `ip link set` in the namespace that the line names (`node`: in none), or restart the engine.',
		requires: ['overlay'],
		// The engine made the device, and could not bring it up.
		unlessThere: ['vxlan-port-taken'],
		shows: deviceDown,
		rulesOut: 'all devices of overlays are up',
	},
	{
		id: 'table-full',
		blame: 'host',
		confidence: 'certain',
		cause: 'A table of the kernel is full on {nodes}, so new connections are dropped: {detail}.',
		remedy: 'Raise net.netfilter.nf_conntrack_max, or net.ipv4.neigh.default.gc_thresh3; look for what makes so many.',
		requires: ['sysctl'],
		shows: either(tableFull, seen =>
			overflows(seen).map(each => ({...each, detail: each.lines.at(-1)!.text.replace(/^\[.*?\] /, '')})),
		),
		rulesOut: 'the table of connections has room on every node',
	},
];
