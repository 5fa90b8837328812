/** From node to node: which echo requests came back, and what the counters of both ends say. Pure. */
import type {EvidenceLine} from '../model/index.ts';
import type {Ping} from './read-path.ts';
import {lineOf, type NodeView, type View} from './view.ts';

export interface Direction {
	from: NodeView;
	to: NodeView;
	/** Nothing came back of what was sent to addresses with both rows: no small packet, and no refusal of a connection. */
	silent: boolean;
	/** Small packets came back, and none of the large ones. */
	smallOnly: boolean;
	/** The sender knows of a smaller MTU of the way, so it sends no large packet at all. */
	knownMtu?: number;
	lines: EvidenceLine[];
}

/** Packets that a node's overlays sent and received while the nodes sent packets to each other. */
export interface Traffic {
	sent: number;
	received: number;
	dropped: number;
	lines: EvidenceLine[];
}

/** Returns each direction in which at least two small packets were sent: on all networks, or on one of them. */
export function directionsOf({nodes}: View, network?: string): Direction[] {
	return nodes.flatMap(from =>
		nodes.flatMap(to => {
			// An endpoint that just went answers nothing: the other node must still have it.
			const has = to.networks.flatMap(({endpoints}) => [...endpoints.keys()]);
			const pings = from.pings.filter(
				({peer, address, network: on}) =>
					peer === to.address &&
					(has.length === 0 || has.includes(address)) &&
					(network === undefined || on === network),
			);
			const [sentSmall, gotSmall] = sums(pings.filter(({large}) => !large));
			const [sentLarge, gotLarge] = sums(pings.filter(({large}) => large));
			if (from === to || sentSmall < 2) {
				return [];
			}

			const silent = gotSmall === 0 && gotLarge === 0 && !pings.some(({refused}) => refused);
			const smallOnly = gotSmall > 0 && sentLarge >= 2 && gotLarge === 0;
			const lines = pings.filter(({received, large}) => received === 0 && (silent || large)).map(({line}) => line);
			const known = pings.flatMap(({large, knownMtu}) => (large && knownMtu ? [knownMtu] : []));
			const knows = smallOnly && known.length > 0 ? {knownMtu: Math.min(...known)} : {};
			return [{from, to, silent, smallOnly, ...knows, lines: lines.slice(0, 2)}];
		}),
	);
}

function sums(pings: Ping[]): [sent: number, received: number] {
	const sum = (key: 'sent' | 'received') => pings.reduce((all, each) => all + each[key], 0);
	return [sum('sent'), sum('received')];
}

/** Returns what a node's vxlan devices counted in between; undefined if they were not read twice. */
export function trafficOf({overlays, overlaysAfter, name}: NodeView): Traffic | undefined {
	const traffic: Traffic = {sent: 0, received: 0, dropped: 0, lines: []};
	let any = false;
	for (const {device, namespace, file} of overlays) {
		const later = overlaysAfter.find(each => each.namespace === namespace)?.device;
		if (!device || !later) {
			continue;
		}

		any = true;
		const [sent, received] = [later.sent - device.sent, later.received - device.received];
		traffic.sent += sent;
		traffic.received += received;
		traffic.dropped += later.sendDropped - device.sendDropped;
		traffic.lines.push(
			lineOf(name, file, `=== ${namespace}: vxlan0 sent ${sent} and received ${received} packets meanwhile`),
		);
	}

	return any ? traffic : undefined;
}
