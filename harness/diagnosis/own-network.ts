/** What a node itself does to packets between the nodes: rules that drop, routes, neighbours, netmask, traffic control. Pure. */
import type {EvidenceLine} from '../model/index.ts';
import {type Direction, directionsOf} from './directions.ts';
import {managed} from './dropping-rules.ts';
import {isBlocked, isCut, type LanPath, lanPathsOf} from './lan-paths.ts';
import type {Sighting} from './signature.ts';
import {lineOf, type NodeView, type View} from './view.ts';

/** The card of a node that has the address that it advertises. */
interface Card {
	name: string;
	hardware: string;
	/** Length of the netmask in bits. */
	bits: number;
	qdisc: string;
	lines: EvidenceLine[];
}

function cardOf(node: NodeView): Card | undefined {
	const at = (text: string) => lineOf(node, `${node.name}/addresses.txt`, text);
	const inet = new RegExp(String.raw`^ +inet ${node.address.replaceAll('.', '\\.')}/(\d+) .*$`, 'm');
	const block = node
		.text('addresses')
		.split(/^(?=\d+: )/m)
		.find(each => inet.test(each));
	const [address, bits] = (block && inet.exec(block)) ?? [];
	const [first, name] = /^\d+: ([^:@]+).*/.exec(block ?? '') ?? [];
	return first
		? {
				...{name: name!, bits: Number(bits), qdisc: / qdisc (\S+)/.exec(first)?.[1] ?? ''},
				hardware: /link\/ether (\S+)/.exec(block!)?.[1] ?? '',
				lines: [at(first), at(address!)],
			}
		: undefined;
}

/**
 * Rules that the engine itself makes: in chains of its own, between containers of a bridge, and for encrypted overlays. Those in its own
 * chains that drop are about a bridge; the chain of the routing mesh has none.
 */
const ofEngine = /-A DOCKER(?!-USER|-INGRESS)(?=.* -[io] )|-i (\S+) -o \1 -j DROP|! -i \S+ .*-j DROP|--pol none/;
/** Ports of swarms, besides those that are published. */
const swarmPorts = ['2377', '7946', '4789'];

/** Whether a rule may concern packets between nodes or to a published port. */
export function concernsSwarm(rule: string, {services, nodes}: View): boolean {
	const [, port] = /--dports? (\S+)/.exec(rule) ?? [];
	const [, source] = /(?<!! )-s ([\d.]+)\/32/.exec(rule) ?? [];
	const published = services?.flatMap(({ports}) => ports.map(each => each.split(' ')[1]!)) ?? [];
	const addresses = nodes.map(({address}) => address);
	return (
		(port === undefined || port.split(/[,:]/).some(each => [...swarmPorts, ...published].includes(each))) &&
		(source === undefined || addresses.includes(source))
	);
}

/** A rule that drops, or a policy that does, with how many packets it has dropped. */
function counted(node: NodeView, probe: string): {line: EvidenceLine; count: number; rule: string}[] {
	return node.lines(probe, /^\[\d+:\d+\] -A .*-j (DROP|REJECT)|^:(INPUT|OUTPUT) DROP \[/, 1000).map(line => {
		const [, count] = /\[(\d+):\d+\]/.exec(line.text)!;
		return {line, count: Number(count), rule: line.text.replace(/ ?\[\d+:\d+\] ?/, '')};
	});
}

/**
 * Rules and policies of iptables that have dropped something, and are not the engine's. `meanwhile`: while nodes sent packets to
 * each other; without: before.
 */
export function droppingCounters(view: View, meanwhile: boolean): Sighting[] {
	return view.nodes.flatMap(node => {
		const before = counted(node, 'packet-filter');
		const lines = counted(node, 'packet-filter-after')
			.filter(({rule, count}) => {
				const first = before.find(each => each.rule === rule)?.count ?? 0;
				return !ofEngine.test(rule) && concernsSwarm(rule, view) && (meanwhile ? count > first : first > 0);
			})
			.map(({line}) => line);
		return lines.length > 0 ? [{node: node.name, lines: lines.slice(0, 4), detail: ruleOf(lines[0]!)}] : [];
	});
}

const ruleOf = ({text}: EvidenceLine) => `\`${text.replace(/ ?\[\d+:\d+\] ?/, '')}\``;

/** Rules of nft in tables that neither iptables nor the engine keeps. They have no counters unless somebody asked for them. */
function nftDrops(node: NodeView): EvidenceLine[] {
	return node.sections('packet-filter').flatMap(({file, text}) => {
		const [, nft = ''] = text.split(/^== nft$/m);
		return nft
			.split(/^(?=table )/m)
			.filter(table => table.startsWith('table ') && !managed.test(table))
			.flatMap(table =>
				table
					.split('\n')
					.filter(line => /\b(drop|reject)\b/.test(line))
					.map(line => lineOf(node, file, `${table.split(' {')[0]}: ${line.trim()}`)),
			);
	});
}

/** The same, where a packet to or from the node is missing. */
export function nftDropping(view: View): Sighting[] {
	const silent = (each: Direction) => each.silent || each.smallOnly;
	const isLossy = ({echo}: LanPath) => echo !== undefined && echo.sent - echo.received >= 2;
	const lan = lanPathsOf(view).filter(
		path => isCut(path) || isLossy(path) || swarmPorts.some(port => isBlocked(path, Number(port))),
	);
	const broken = [...lan, ...directionsOf(view).filter(silent)];
	return view.nodes.flatMap(node => {
		const lines = broken.some(({from, to}) => [from, to].includes(node)) ? nftDrops(node) : [];
		const detail = lines[0] && `\`${lines[0].text}\``;
		return lines.length > 0 ? [{node: node.name, lines: lines.slice(0, 4), detail: detail!}] : [];
	});
}

/** The kernel sends packets for another node not by the card on which both have their addresses. */
export function wrongRoutes({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const card = cardOf(node);
		const lines = node.lines('path', /^route \S+: /).filter(({text}) => {
			const [, to, said] = /^route (\S+): (.*)$/.exec(text)!;
			const isPeer = nodes.some(({address, name}) => address === to && name !== node.name);
			return card && isPeer && said && (!said.includes(` dev ${card.name} `) || said.includes(' via '));
		});
		return lines.length > 0 ? [{node: node.name, lines, detail: lines.map(({text}) => text).join('; ')}] : [];
	});
}

/** A node has another hardware address for a node than the card there has. */
export function wrongNeighbours({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const name = cardOf(node)?.name;
		const found = nodes.flatMap(peer => {
			const row = new RegExp(String.raw`^${peer.address.replaceAll('.', '\\.')} dev ${name} lladdr (\S+)`);
			const hardware = cardOf(peer)?.hardware;
			return peer === node || !hardware
				? []
				: node
						.lines('addresses', row)
						.filter(({text}) => row.exec(text)![1] !== hardware)
						.map(line => ({
							line,
							detail: `${node.name} has ${row.exec(line.text)![1]} for ${peer.name}, whose card has ${hardware}`,
						}));
		});
		const lines = found.map(({line}) => line);
		return found.length > 0 ? [{node: node.name, lines, detail: found.map(({detail}) => detail).join('; ')}] : [];
	});
}

/** Nodes whose netmask is not that of most nodes. */
export function otherNetmasks({nodes}: View): Sighting[] {
	const cards = nodes.flatMap(node => cardOf(node) ?? []).map(({bits}) => bits);
	const count = (bits: number) => cards.filter(each => each === bits).length;
	return nodes.flatMap(node => {
		const card = cardOf(node);
		return card && cards.some(bits => count(bits) > count(card.bits) || (bits !== card.bits && cards.length === 2))
			? [{node: node.name, lines: card.lines, detail: `${node.name} has ${node.address}/${card.bits}`}]
			: [];
	});
}

/**
 * Kinds that kernels and distributions do not choose by themselves, and that delay, limit or drop. `ingress` and `clsact` only hold
 * filters (tc-bpf(8)): programs for networks of containers put them on a card, and they drop nothing unless a filter does.
 */
const shaping = /^(netem|tbf|htb|hfsc|red|choke|plug|blackhole)$/;
const filterDrops = /\baction drop\b|\bpolice\b/;

/** The same on cards inside of containers and of the engine's namespaces, whose links show no more than the kind. */
export function shapedInside({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const lines = ['container-network', 'overlay', 'balancer', 'ingress'].flatMap(probe =>
			node
				.lines(probe, /^\d+: \S+ <.* qdisc \S+ /, 10_000)
				.filter(({text}) => shaping.test(/ qdisc (\S+) /.exec(text)![1]!)),
		);
		const detail = lines.map(({text}) => text.replace(/ state .*/, '')).join('; ');
		return lines.length > 0 ? [{node: node.name, lines, detail}] : [];
	});
}

/** Traffic control on the card between the nodes. */
export function shapedCards({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const card = cardOf(node);
		const lines = card ? node.lines('addresses', new RegExp(`^qdisc (\\S+) .*dev ${card.name} `)) : [];
		const ofRoot = card && shaping.test(card.qdisc) && lines.length === 0 ? card.lines.slice(0, 1) : [];
		const filters = card ? node.lines('addresses', new RegExp(`^filters ${card.name} `)) : [];
		const shaped = [
			...lines.filter(({text}) => shaping.test(text.split(' ')[1]!)),
			...ofRoot,
			...filters.filter(({text}) => filterDrops.test(text)),
		];
		const detail = shaped.map(({text}) => text.slice(0, 80)).join('; ');
		return shaped.length > 0 ? [{node: node.name, lines: shaped, detail}] : [];
	});
}

/** The card between the nodes does not use ARP, or answers none: the others do not learn its hardware address. */
export function withoutArp({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const card = cardOf(node);
		const flags = card?.lines.filter(({text}) => /^\d+: \S+ <(?:\S+,)?NOARP[,>]/.test(text)) ?? [];
		// ip-sysctl.rst: 8 is to answer none. The larger one of `all` and the card's own counts.
		const ignores = card ? node.lines('sysctl', new RegExp(`/ipv4/conf/(?:all|${card.name})/arp_ignore:8$`)) : [];
		const lines = [...flags, ...ignores];
		return lines.length > 0 ? [{node: node.name, lines}] : [];
	});
}

/** Policies of IPsec that block what goes to, or comes from, another node, or anything (ip-xfrm(8)). */
export function blockedByPolicy({nodes}: View): Sighting[] {
	return nodes.flatMap(node => {
		const peers = nodes.flatMap(({address, name}) => (name === node.name ? [] : [address]));
		const found = [...node.text('xfrm').matchAll(/^(src (\S+)\/\d+ dst (\S+)\/\d+.*)\n\s+(dir \w+ action block.*)$/gm)];
		const lines = found
			.filter(
				([, , from, to]) => [from!, to!].some(each => peers.includes(each)) || (from === '0.0.0.0' && to === '0.0.0.0'),
			)
			.map(([, ends, , , what]) => lineOf(node, `${node.name}/xfrm.txt`, `${ends} ${what}`));
		return lines.length > 0 ? [{node: node.name, lines, detail: lines.map(({text}) => text).join('; ')}] : [];
	});
}

/** Ids of the signatures that tell of it: they explain what nodes miss of each other. */
export const ownLoss = [
	'dropped-by-rule',
	'route-to-node-wrong',
	'lan-neighbour-wrong',
	'netmask-differs',
	'traffic-control',
	'arp-off',
	'blocked-by-policy',
];

/** Returns the names of nodes that lose packets between the nodes by themselves: the network is not to blame for these. */
export function losersOf(view: View): ReadonlySet<string> {
	const all = [droppingCounters(view, true), nftDropping(view), wrongRoutes(view), wrongNeighbours(view)];
	return new Set(
		[...all, otherNetmasks(view), shapedCards(view), withoutArp(view), blockedByPolicy(view)]
			.flat()
			.map(({node}) => node),
	);
}
