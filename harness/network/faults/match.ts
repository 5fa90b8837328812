/** Decides whether a fault is about a frame. Pure. */
import type {FaultMatch, FaultProtocol} from '../../model/index.ts';
import {etherTypes, ipProtocols, type Packet} from './packet.ts';

/** A frame on its way from one node to another. */
export interface Link {
	from: string;
	to: string;
}

/** Returns whether the fault is about this frame on this link. `packet` is called only if the nodes match. */
export function isAbout(match: FaultMatch, link: Link, packet: () => Packet): boolean {
	return isOnLink(match, link) && (!asksForContent(match) || hasContent(match, packet()));
}

/** Returns whether the fault is about frames on this link, whatever they carry. */
export function isOnLink({from, to, bothWays, at, unheard}: FaultMatch, link: Link): boolean {
	const goes = (sender: string, receiver: string) => (!from || from.includes(sender)) && (!to || to.includes(receiver));
	return (
		(goes(link.from, link.to) || (bothWays === true && goes(link.to, link.from))) &&
		(!at || at.includes(link.from) || at.includes(link.to)) &&
		(!unheard || (Object.hasOwn(unheard, link.to) && unheard[link.to]!.includes(link.from)))
	);
}

function asksForContent({protocol, port, sourcePort, largerThanBytes}: FaultMatch): boolean {
	return protocol !== undefined || port !== undefined || sourcePort !== undefined || largerThanBytes !== undefined;
}

function hasContent({protocol, port, sourcePort, largerThanBytes}: FaultMatch, packet: Packet): boolean {
	return (
		(protocol === undefined || isOf(protocol, packet)) &&
		(port === undefined || packet.port === port) &&
		(sourcePort === undefined || packet.sourcePort === sourcePort) &&
		(largerThanBytes === undefined || packet.payloadBytes > largerThanBytes)
	);
}

function isOf(protocol: FaultProtocol, {etherType, ipProtocol}: Packet): boolean {
	if (protocol === 'arp') {
		return etherType === etherTypes.arp;
	}

	if (protocol === 'icmp') {
		return ipProtocol === ipProtocols.icmp || ipProtocol === ipProtocols.icmp6;
	}

	return ipProtocol === (typeof protocol === 'number' ? protocol : ipProtocols[protocol]);
}
