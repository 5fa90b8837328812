/** Sums up a capture: who sent what, which port of the switch saw it, and what a fault dropped. Pure. */
import type {Capture} from './capture.ts';
import {type Decoded, decode, type Ends} from './decode.ts';

/** Frames with the same ends on the LAN and, in VXLAN, with the same ends on the overlay. */
export interface Flow extends Decoded {
	/** Frames that each node sent into the switch. */
	sent: Record<string, number>;
	/** Frames that the switch delivered to each node. */
	delivered: Record<string, number>;
	/** Frames that a fault dropped before they reached each node. */
	dropped: Record<string, number>;
	/** Ids of these faults. */
	faults: number[];
	/** Bytes that were sent. */
	bytes: number;
	/** ISO 8601, UTC. */
	firstAt: string;
	lastAt: string;
}

/** Returns the flows, the one with most frames first. */
export function flowsOf({frames, timeOriginMs}: Capture, vxlanPort?: number): Flow[] {
	const flows = new Map<string, Flow>();
	for (const {port, way, timeMs, bytes, frameBytes, fault} of frames) {
		const decoded = decode(bytes, vxlanPort);
		const at = new Date(timeOriginMs + timeMs).toISOString();
		const key = JSON.stringify(withoutClientPorts(decoded));
		const flow = flows.get(key) ?? newFlow(withoutClientPorts(decoded), at);
		flows.set(key, flow);
		const counts = {in: flow.sent, out: flow.delivered, dropped: flow.dropped}[way];
		counts[port] = (counts[port] ?? 0) + 1;
		flow.lastAt = at;
		if (way === 'in') {
			flow.bytes += frameBytes;
		}

		if (fault !== undefined && !flow.faults.includes(fault)) {
			flow.faults.push(fault);
		}
	}

	return [...flows.values()].sort((a, b) => framesOf(b) - framesOf(a));
}

function newFlow(decoded: Decoded, at: string): Flow {
	return {...decoded, sent: {}, delivered: {}, dropped: {}, faults: [], bytes: 0, firstAt: at, lastAt: at};
}

function framesOf({sent, delivered, dropped}: Flow): number {
	return [sent, delivered, dropped].flatMap(each => Object.values(each)).reduce((sum, each) => sum + each, 0);
}

/** Ports from which a client connects (IANA's dynamic ports, and Linux' from 32768) differ in each connection. */
const firstClientPort = 32_768;

function withoutClientPorts({outer, inner, ...decoded}: Decoded): Decoded {
	return {...decoded, outer: withoutClientPort(outer), ...(inner && {inner: withoutClientPort(inner)})};
}

function withoutClientPort({sourcePort, port, ...ends}: Ends): Ends {
	const named = (value: number | undefined) => value !== undefined && value < firstClientPort;
	return {...ends, ...(named(sourcePort) && {sourcePort}), ...(named(port) && {port})};
}
