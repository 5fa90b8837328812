/** Causes on the LAN between the nodes, whatever the packets are: cut off, lost, late, twice, changed. */
import type {EvidenceLine} from '../../model/index.ts';
import {culpritsOf, waysOf, withoutWay} from '../culprits.ts';
import {droppingRules} from '../dropping-rules.ts';
import {blockedPaths, isBusy, isCut, type LanPath, lanPathsOf, refusesEchoes} from '../lan-paths.ts';
import type {Seen, Sighting, Signature} from '../signature.ts';
import {lineOf} from '../view.ts';

/** Of the managers' API, by which nodes get their tasks. */
const controlPort = 2377;

/** Whether no end of a path loses packets by itself. */
const ofNetwork =
	({losers}: Seen) =>
	({from, to}: LanPath) =>
		!losers.has(from.name) && !losers.has(to.name);

/** Returns a sighting for each culprit of the paths that are broken, with lines of its paths. */
function sightingsOf(
	paths: readonly LanPath[],
	isBroken: (path: LanPath) => boolean,
	linesOf: (path: LanPath) => EvidenceLine[],
	isWorking = (path: LanPath) => !isBroken(path),
): Sighting[] {
	const broken = paths.filter(isBroken);
	const working = paths.filter(isWorking);
	return culpritsOf(broken, working).map(node => ({
		node: node.name,
		ways: waysOf(node, broken),
		lines: broken.filter(({from, to}) => from === node || to === node).flatMap(linesOf),
	}));
}

const echoLine = ({echo}: LanPath) => (echo ? [echo.line] : []);

function cutOff(seen: Seen): Sighting[] {
	return sightingsOf(lanPathsOf(seen.view).filter(ofNetwork(seen)), isCut, echoLine);
}

function controlBlocked(seen: Seen): Sighting[] {
	const paths = lanPathsOf(seen.view).filter(path => path.ports.has(controlPort) && ofNetwork(seen)(path));
	const blocked = blockedPaths(paths, controlPort);
	return sightingsOf(
		paths,
		path => blocked.includes(path),
		({ports}) => [ports.get(controlPort)!.line],
	);
}

/** Returns how many echo requests of a pair of nodes, in both directions, were sent and not answered. */
function lossOf(path: LanPath, paths: readonly LanPath[]): {sent: number; lost: number; busy: boolean} {
	const pair = paths.filter(({from, to}) => [from, to].includes(path.from) && [from, to].includes(path.to));
	const sum = (key: 'sent' | 'received') => pair.reduce((all, {echo}) => all + (echo?.[key] ?? 0), 0);
	const busy = pair.some(isBusy);
	return {sent: sum('sent'), lost: sum('sent') - sum('received'), busy};
}

/**
 * Two echo requests of a pair must be lost, and one of so many. Where ping was not given the time to send one every 15 ms, or an
 * answer was held up for 60 ms, the nodes or their host are busy, and lose some by themselves: then only one of ten tells of the
 * network. Seen on a node that got 8 % of the CPU time that it asked for: 6 of 200 lost, one every 9 ms, the slowest after 89 ms.
 */
const leastLossOf = ({busy}: {busy: boolean}) => (busy ? 10 : 200);

/**
 * Beside pairs that lose much, one that loses less than a fourth of it is busy: seen where 1 % of the frames of one node were dropped, and
 * the other two lost 2 of 400 by themselves.
 */
const leastShareOfWorst = 4;

/** One that is lost shows no loss, and no working path either. A node that answers no echo request at all loses none. */
function lossyNodes(seen: Seen): Sighting[] {
	const paths = lanPathsOf(seen.view)
		.filter(ofNetwork(seen))
		.filter(path => !refusesEchoes(path));
	const isPartly = ({sent, lost}: {sent: number; lost: number}) => lost >= 2 && lost < sent;
	const losses = paths.map(path => lossOf(path, paths)).filter(isPartly);
	const worst = Math.max(0, ...losses.map(({sent, lost}) => lost / sent));
	return sightingsOf(
		paths,
		path => {
			const pair = lossOf(path, paths);
			const share = pair.lost / pair.sent;
			return isPartly(pair) && share >= 1 / leastLossOf(pair) && share >= worst / leastShareOfWorst;
		},
		path => (path.echo && path.echo.received < path.echo.sent ? [path.echo.line] : []),
		path => lossOf(path, paths).lost === 0,
	);
}

/** Echo requests took so long at least, in milliseconds. On an idle LAN they take under 10 ms, under emulation too. */
const lateMs = 100;

/** Where the slowest of many echo requests took so many times as long as the quickest, the ends or their host are busy. */
const busySpread = 6;

/** A busy host makes paths slow: late are those that are slower by far than the quickest, and evenly so. */
function late(seen: Seen): Sighting[] {
	const paths = lanPathsOf(seen.view).filter(ofNetwork(seen));
	const quickest = Math.min(...lanPathsOf(seen.view).flatMap(({echo}) => echo?.leastMs ?? []));
	const isEven = ({leastMs = 0, mostMs = 0}: NonNullable<LanPath['echo']>) => mostMs <= busySpread * leastMs;
	const isLate = ({echo}: LanPath) =>
		echo?.leastMs !== undefined && echo.leastMs >= lateMs && echo.leastMs >= 4 * quickest && isEven(echo);
	return sightingsOf(paths, isLate, echoLine);
}

function twice({view}: Seen): Sighting[] {
	return sightingsOf(lanPathsOf(view), ({echo}) => (echo?.twice ?? 0) > 0, echoLine);
}

const checksumCounters = ['TcpInCsumErrors', 'UdpInCsumErrors', 'IcmpInCsumErrors', 'IpInHdrErrors'];

/** Packets with a wrong checksum arrived while the nodes sent each other packets. */
function corrupted(seen: Seen): Sighting[] {
	const counted = seen.view.nodes.flatMap(node => {
		const rises = checksumCounters.flatMap(name => {
			const rise = node.rise(name) ?? 0;
			return rise > 0 ? [lineOf(node, `${node.name}/counters.txt`, `${name} rose by ${rise} meanwhile`)] : [];
		});
		return rises.length > 0 ? [{node: node.name, lines: rises}] : [];
	});
	// What was changed is lost. The paths on which something is lost tell at which node.
	const lossy = lossyNodes(seen).map(({node}) => node);
	return counted.length === 0 || lossy.length === 0
		? counted
		: lossy.map(node => ({
				node,
				lines: (counted.find(each => each.node === node) ?? counted[0]!).lines,
			}));
}

/** The policy of INPUT drops, and nothing that other nodes send to the node is answered. */
function inputDropped({view}: Seen): Sighting[] {
	const paths = lanPathsOf(view);
	return view.nodes.flatMap(node => {
		const policy = node.lines('packet-filter', /^:INPUT (DROP|REJECT)/);
		const to = paths.filter(path => path.to === node);
		return policy.length > 0 && to.length > 0 && to.every(isCut)
			? [{node: node.name, lines: [...policy.slice(0, 1), ...to.flatMap(echoLine)]}]
			: [];
	});
}

export const lan: Signature[] = [
	{
		id: 'input-dropped-by-node',
		blame: 'host',
		confidence: 'certain',
		cause:
			'The packet filter of {nodes} drops what comes in (the policy of INPUT), and no rule lets in what swarms need.',
		remedy: 'Accept tcp/2377, tcp and udp 7946, udp/4789 and, for encrypted overlays, protocol 50 from all nodes.',
		requires: ['packet-filter', 'path'],
		shows: inputDropped,
	},
	{
		id: 'cut-off',
		blame: 'network',
		confidence: 'certain',
		cause:
			'Nothing passes on the network between {nodes} and other nodes: no echo request is answered, and no connection comes about.',
		remedy:
			'Look at the cable, the switch and the address of the card, and at partitions of the network. After that a node rejoins gossip within 60 s.',
		requires: ['path'],
		unless: ['starved', 'address-twice'],
		unlessThere: withoutWay,
		shows: cutOff,
		rulesOut: 'all nodes answer each other on the network between them',
	},
	{
		id: 'control-blocked-by-node',
		blame: 'host',
		confidence: 'certain',
		cause: 'A packet filter rule on {nodes} drops connections to the managers (tcp/2377).',
		remedy: 'Remove the rule, or accept tcp/2377 between all nodes before it.',
		requires: ['packet-filter'],
		shows: ({view}) =>
			view.nodes.flatMap(node => {
				const lines = droppingRules(node, controlPort);
				return lines.length > 0 ? [{node: node.name, lines}] : [];
			}),
	},
	{
		id: 'control-blocked',
		blame: 'network',
		confidence: 'certain',
		cause:
			'Connections to the managers (tcp/2377) from or to {nodes} get no answer, though other packets pass: a node gets no tasks, and the managers take it for down.',
		remedy: 'Pass tcp/2377 from all nodes to all managers.',
		requires: ['path'],
		unless: ['starved', 'address-twice', 'control-blocked-by-node'],
		unlessThere: withoutWay,
		shows: controlBlocked,
		rulesOut: 'all nodes reach the managers (tcp/2377)',
	},
	{
		id: 'packets-corrupted',
		blame: 'network',
		confidence: 'likely',
		cause: 'Packets to or from {nodes} arrive with wrong checksums: something changes them on the way.',
		remedy:
			'Look at the cards, their offloads (`ethtool -K CARD tx off`, `tx-checksum-ip-generic off`) and what is between the nodes.',
		issue: 'moby#41775',
		requires: ['counters', 'counters-after'],
		shows: corrupted,
		rulesOut: 'no packet to a node itself arrived with a wrong checksum',
	},
	{
		id: 'packets-lost',
		blame: 'network',
		confidence: 'likely',
		cause: 'The network loses a part of the packets to or from {nodes}: connections stall and take seconds.',
		remedy: 'Ask those who run the network. Look at the error counters of the cards and of the switch.',
		requires: ['path'],
		unless: ['starved', 'address-twice'],
		unlessThere: [...withoutWay, 'packets-corrupted'],
		shows: lossyNodes,
		rulesOut: 'no echo request between the nodes was lost',
	},
	{
		id: 'packets-late',
		blame: 'network',
		confidence: 'likely',
		cause: 'Packets to or from {nodes} take much longer than between the other nodes.',
		remedy: 'Look at the way between the nodes. Managers need less than the heartbeat and election times of raft.',
		requires: ['path'],
		unless: ['starved', 'address-twice'],
		unlessThere: withoutWay,
		shows: late,
	},
	{
		id: 'packets-twice',
		blame: 'network',
		confidence: 'certain',
		cause: 'Packets to or from {nodes} arrive twice.',
		remedy: 'Look for a loop in the network, and for two machines with one address.',
		requires: ['path'],
		shows: twice,
	},
];
