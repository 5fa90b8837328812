/** Causes between the nodes: packets of the overlays (VXLAN, ESP) that do not arrive. */
import type {EvidenceLine} from '../../model/index.ts';
import {isAway} from '../away.ts';
import {culpritsOf, waysOf, withoutWay} from '../culprits.ts';
import {trafficOf} from '../directions.ts';
import {droppingRules} from '../dropping-rules.ts';
import {isCut, lanPathsOf} from '../lan-paths.ts';
import {recentLinesOf} from '../sightings.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import type {NodeView} from '../view.ts';
import {losesInside} from './inside.ts';

/** The nodes that the silent directions have in common. Those in which nothing passes on the LAN either have another cause. */
function silentNodes({
	directions,
	view,
	losers,
}: Seen): {node: NodeView; ways: [string, string][]; lines: EvidenceLine[]}[] {
	const cut = lanPathsOf(view).filter(isCut);
	const isOut = (node: NodeView) => losers.has(node.name) || isAway(node);
	const tried = directions.filter(
		({from, to}) => !isOut(from) && !isOut(to) && !cut.some(path => path.from === from && path.to === to),
	);
	const silent = tried.filter(each => each.silent);
	const working = tried.filter(each => !each.silent);
	return culpritsOf(silent, working).map(node => {
		const lines = silent.filter(({from, to}) => from === node || to === node).flatMap(each => each.lines);
		return {node, ways: waysOf(node, silent), lines: lines.slice(0, 4)};
	});
}

function dropped(seen: Seen): Sighting[] {
	const rowsMissing = new Set(
		seen.differences.filter(({kind}) => /forward|neighbour/.test(kind)).map(({node}) => node),
	);
	const isInside = (name: string) =>
		rowsMissing.has(name) || seen.view.nodes.some(node => node.name === name && losesInside(node, seen));
	return silentNodes(seen).flatMap(({node, ways, lines}) => {
		const own = trafficOf(node);
		// What is lost in a node, at either end, is no trouble of the network.
		return isInside(node.name) || ways.every(ends => ends.some(isInside))
			? []
			: [{node: node.name, ways, lines: [...lines, ...(own?.lines ?? [])]}];
	});
}

/**
 * The address that a node sends from to another node is not the one that it announced: by a route, or by a rule that translates it.
 * What the kernel has translated once stays so as long as packets of the connection come, also where the rule is gone.
 */
function otherSource({view}: Seen): Sighting[] {
	const escaped = (address: string) => address.replaceAll('.', '\\.');
	return view.nodes.flatMap(node =>
		view.nodes.flatMap(peer => {
			const routes = node.lines('addresses', new RegExp(String.raw`^${escaped(peer.address)}(/32)? .*\bsrc \S+`));
			const wrong = routes.filter(({text}) => /\bsrc (\S+)/.exec(text)?.[1] !== node.address);
			// The second source and destination are those of the answers.
			const translated = new RegExp(
				String.raw`\bsrc=${escaped(node.address)} dst=${escaped(peer.address)} sport=\d+ dport=4789 .*\bdst=(?!${escaped(node.address)} )`,
			);
			wrong.push(...node.lines('conntrack', translated, 2));
			return peer === node || wrong.length === 0 ? [] : [{node: node.name, lines: wrong}];
		}),
	);
}

function otherPort({view}: Seen): Sighting[] {
	const devices = view.nodes.flatMap(node =>
		node.overlays.flatMap(({id, device}) => (device?.port ? [{node, id, device, port: device.port}] : [])),
	);
	const redirected = view.nodes.flatMap(node => {
		const lines = node.lines('packet-filter', /dports? (\S*[,{ ])?4789\b.*(REDIRECT|DNAT|redirect|dnat|dport set)/);
		return lines.length > 0 ? [{node: node.name, lines, detail: `${node.name} redirects 4789`}] : [];
	});
	const differ = [...Map.groupBy(devices, ({id}) => id).values()].flatMap(ofNetwork => {
		const ports = new Set(ofNetwork.map(({port}) => port));
		return ports.size < 2
			? []
			: ofNetwork.map(({node, device, port}) => ({
					node: node.name,
					lines: [device.line],
					detail: `${node.name} uses ${port}`,
				}));
	});
	return [...redirected, ...differ];
}

export const underlay: Signature[] = [
	{
		id: 'vxlan-dropped-by-node',
		blame: 'host',
		confidence: 'certain',
		cause:
			'A packet filter rule on {nodes} drops VXLAN (udp/4789), so no packet of an overlay crosses to or from it. `nc -vuz` proves nothing here: it reports success also where the packets are dropped.',
		remedy: 'Remove the rule, or accept udp/4789 between all nodes before it.',
		issue: 'moby#27016, moby#33416',
		requires: ['packet-filter', 'path'],
		shows: seen =>
			seen.view.nodes.flatMap(node => {
				const rules = droppingRules(node, 4789).filter(({text}) => !/length/.test(text));
				const silent = seen.directions.filter(each => each.silent && (each.from === node || each.to === node));
				return rules.length > 0 && silent.length > 0
					? [{node: node.name, lines: [...rules, ...silent.flatMap(({lines}) => lines).slice(0, 3)]}]
					: [];
			}),
		rulesOut: 'no packet filter rule of a node drops udp/4789',
	},
	{
		id: 'vtep-other-source',
		blame: 'host',
		confidence: 'certain',
		cause:
			'On {nodes} a route, or a rule of the nat table, makes VXLAN leave from another address than the node advertises. The receiver has a static row for the advertised one and discards every packet (VXLAN_ENTRY_EXISTS).',
		remedy:
			'Remove the `src` of the route or the rule (SNAT, MASQUERADE), or join the swarm with --data-path-addr set to that address.',
		issue: 'moby#53004',
		requires: ['addresses', 'path'],
		shows: seen => (seen.directions.some(({silent}) => silent) ? otherSource(seen) : []),
		rulesOut: 'no route and no rule gives VXLAN another source address',
	},
	{
		id: 'vxlan-port-differs',
		blame: 'host',
		confidence: 'certain',
		cause: 'The nodes use different UDP ports for VXLAN: {detail}.',
		remedy: 'Load vxlan with udp_port=4789 on all nodes, or set one --data-path-port when the swarm is initialised.',
		issue: 'moby#18929',
		requires: ['overlay'],
		shows: otherPort,
		rulesOut: 'all nodes use the same UDP port for VXLAN',
	},
	{
		id: 'vxlan-port-taken',
		blame: 'host',
		confidence: 'certain',
		cause: 'On {nodes} the UDP port of VXLAN is taken by something else, so the vxlan device cannot be set up.',
		remedy:
			'End what uses udp/4789 (NSX and other networks do), or initialise the swarm with another --data-path-port.',
		issue: 'moby#33416',
		requires: ['dockerd-log'],
		shows: recentLinesOf('dockerd-log', /vxlan.*address already in use|address already in use.*vxlan/i),
	},
	{
		id: 'vxlan-dropped-between-nodes',
		blame: 'network',
		confidence: 'likely',
		cause:
			'VXLAN (udp/4789) to or from {nodes} is lost between the nodes: they send it, and nothing comes back. `nc -vuz` proves nothing here: it reports success also where the packets are dropped.',
		remedy:
			'Ask those who run the network (cloud, hypervisor, firewall) to pass udp/4789 between all nodes, or initialise the swarm with another --data-path-port.',
		issue: 'moby#27016, moby#33416',
		requires: ['path', 'overlay'],
		unless: [
			'starved',
			'address-twice',
			'vxlan-dropped-by-node',
			'vtep-other-source',
			'vxlan-port-differs',
			'vxlan-port-taken',
			'esp-dropped',
			'esp-dropped-by-node',
			'keys-differ',
		],
		unlessThere: [...withoutWay, 'engine-down', 'engine-hangs', 'overlay-device-down'],
		shows: dropped,
		rulesOut: 'packets of the overlays cross between all nodes that know of each other',
	},
];
