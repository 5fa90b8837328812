/** Which nodes lost each other, so that what one lacks of the other one is explained. Pure. */
import type {EvidenceLine} from '../model/index.ts';
import type {Difference} from './agreement.ts';
import {blockedPaths, isCut, lanPathsOf} from './lan-paths.ts';
import type {NodeView, View} from './view.ts';

export const gossipPort = 7946;

/** A node that is back learns everything within this time: a full exchange is every 30 s (moby, networkdb: bulkSyncInterval). */
const exchangeSeconds = 60;

/** moby, networkdb/nodemgmt.go and event_delegate.go; memberlist, state.go. NodeLeft is an engine that ended in order. */
const lost = /Node (\w+) change state NodeActive --> NodeFailed|memberlist: Marking (\w+) as failed/;
const back = /Node (\w+) change state Node(?:Failed|Left) --> NodeActive|Node (\w+)\/\S+, added to nodes list/;
/** memberlist's own words, of its versions 0.1, 0.2 (Docker 20.10) and 0.4 on. */
const onlyTcp =
	/Was able to (?:reach|connect to) (\S+) (?:via TCP but not UDP|but other probes failed|over TCP but UDP probes failed)/;
/** Neither udp nor tcp had an answer in time. */
const neither = /memberlist: Suspect (\w+) has failed, no acks received/;

/** Lines of a node's log of the time that the evidence is about, with the node of which they tell. */
function linesAbout(view: View, from: NodeView, pattern: RegExp): {to: NodeView; line: EvidenceLine}[] {
	return from.recentLines('dockerd-log', pattern, 1000).flatMap(line => {
		const to = nodeOf(view, pattern.exec(line.text)!.slice(1).find(Boolean)!);
		return to ? [{to, line}] : [];
	});
}

/** Returns the node that gossip calls so. */
function nodeOf({nodes}: View, name: string): NodeView | undefined {
	const address = nodes.flatMap(({networks}) => networks.flatMap(({gossipNames}) => gossipNames.get(name) ?? []))[0];
	return nodes.find(node => node.advertised === address);
}

/** memberlist probes a node each second, in turn: while udp is cut between two, each of their probes leaves a line. */
const leastProbes = 2;
const latestProbeSeconds = 20;

/** When a line of the engine's log was written, seconds since 1970 by the node's clock. */
const at = ({text}: EvidenceLine) => Date.parse(/time="([^"]+)"/.exec(text)?.[1] ?? '') / 1000;

/**
 * Returns, for each node and each other one, lines that tell of udp probes without an answer where tcp has one. One probe may be
 * lost, as any packet, and what ended before the nodes were read is over: neither is returned. Where echo requests are lost, too, or
 * tcp had no answer either, udp is not cut: all packets are lost now and then, or an engine is late.
 */
export function onlyTcpLines(view: View): {from: NodeView; to: NodeView; line: EvidenceLine}[] {
	const all = view.nodes.flatMap(from => linesAbout(view, from, onlyTcp).map(each => ({from, ...each})));
	const silent = view.nodes.flatMap(from => linesAbout(view, from, neither).map(each => ({from, ...each})));
	const lossy = lanPathsOf(view).filter(({echo}) => echo && echo.received > 0 && echo.sent - echo.received > 1);
	const isPair = (one: {from: NodeView; to: NodeView}, two: {from: NodeView; to: NodeView}) =>
		[two.from, two.to].includes(one.from) && [two.from, two.to].includes(one.to);
	const isLate = ({from, line}: {from: NodeView; line: EvidenceLine}) =>
		!(from.about.startedAt! - at(line) > latestProbeSeconds);
	return all.filter(one => {
		const pair = all.filter(two => isPair(one, two));
		return pair.length >= leastProbes && pair.some(isLate) && ![...lossy, ...silent].some(path => isPair(one, path));
	});
}

/** Returns the lines by which a node lost another one, if it has not had it again for long enough to have learned everything. */
export function lossOf(view: View, from: NodeView, to: NodeView): EvidenceLine[] {
	const losses = linesAbout(view, from, lost).filter(each => each.to === to);
	const returns = linesAbout(view, from, back).filter(each => each.to === to);
	const [last] = losses.slice(-1);
	const [returned] = returns.slice(-1);
	const isOver =
		last !== undefined &&
		returned !== undefined &&
		at(returned.line) >= at(last.line) &&
		(from.about.startedAt ?? Number.POSITIVE_INFINITY) - at(returned.line) > exchangeSeconds;
	return isOver ? [] : losses.map(({line}) => line);
}

/** Whether a node takes part in a network of which another one does not know it. */
function isNoPeer(from: NodeView, to: NodeView): boolean {
	return from.networks.some(
		({id, peers}) => peers.length > 0 && !peers.includes(to.advertised) && to.networks.some(each => each.id === id),
	);
}

/**
 * Whether a node lacks something because it does not hear of another node: its rows and names left, or do not come. Of a
 * difference that names no other node, any other one counts.
 */
export function isOfGossip(view: View, {node, peer}: Difference): boolean {
	const from = view.nodes.find(({name}) => name === node);
	const others = view.nodes.filter(each => each !== from && (peer === undefined || each.address === peer));
	const paths = lanPathsOf(view);
	const silent = [...paths.filter(isCut), ...blockedPaths(paths, gossipPort), ...onlyTcpLines(view)];
	return (
		from !== undefined &&
		others.some(
			to =>
				isNoPeer(from, to) ||
				lossOf(view, from, to).length > 0 ||
				silent.some(path => [path.from, path.to].includes(from) && [path.from, path.to].includes(to)),
		)
	);
}
