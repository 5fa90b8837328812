/** Chooses frames of a capture, by node, by protocol and port, and by time. Pure. */
import {UsageError} from '../../errors.ts';
import {nearest} from '../../nearest.ts';
import {isAbout} from '../faults/match.ts';
import {type Packet, readPacket} from '../faults/packet.ts';
import type {Capture} from './capture.ts';

const protocols = ['tcp', 'udp', 'icmp', 'arp', 'esp'] as const;

/** Returns whether a packet is meant by a filter. */
export type Filter = (packet: Packet) => boolean;

/**
 * Reads a filter as it is typed: `udp:4789`, `tcp:2377`, `icmp`, `arp`, `esp`. A port may be that of the source or of the
 * destination. Throws UsageError, with the nearest protocol.
 */
export function parseFilter(text: string): Filter {
	const [, name = '', port] = /^(\w+)(?::(\d+))?$/.exec(text) ?? [];
	const protocol = protocols.find(each => each === name);
	const number = Number(port);
	const takesPort = protocol === 'tcp' || protocol === 'udp';
	if (!protocol || (port !== undefined && (!takesPort || number < 1 || number > 65_535))) {
		const [near] = protocol ? [] : nearest(name, protocols, 1);
		throw new UsageError(`'${text}' is no filter.${near ? ` Did you mean '${near}'?` : ''}`, {
			remedy: `Filters are udp:4789, tcp:2377 (source or destination), ${protocols.join(', ')}.`,
		});
	}

	return packet =>
		isAbout({protocol}, {from: '', to: ''}, () => packet) &&
		(port === undefined || packet.port === number || packet.sourcePort === number);
}

/** Returns the capture with those frames only that all conditions choose. */
export function selected(
	capture: Capture,
	{nodes, filter, sinceMs = 0}: {nodes?: readonly string[]; filter?: Filter; sinceMs?: number},
): Capture {
	return {
		...capture,
		ports: capture.ports.filter(port => nodes?.includes(port) ?? true),
		frames: capture.frames.filter(
			({port, bytes, timeMs}) =>
				timeMs >= sinceMs && (nodes?.includes(port) ?? true) && (filter?.(readPacket(bytes)) ?? true),
		),
	};
}
