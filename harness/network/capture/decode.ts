/** Reads what a frame of a swarm's LAN carries, as far as a diagnosis needs it. Pure. */
import {etherTypes, ipProtocols, type Packet, readPacket} from '../faults/packet.ts';

/** Ports of a swarm (Docker's manual, "Open protocols and ports between the hosts"). VXLAN's may be moved: --data-path-port. */
export const swarmPorts = {vxlan: 4789, gossip: 7946, manager: 2377};

/** Who talks to whom. Ports are absent where the protocol has none. */
export interface Ends {
	/** `tcp`, `udp`, `icmp`, `arp`, `esp`, or a number of IP or of Ethernet. */
	protocol: string;
	/** Address of IP; of Ethernet where there is no IP. */
	source: string;
	destination: string;
	sourcePort?: number;
	port?: number;
}

export interface Decoded {
	/** What the frame is for: by its port, else by its protocol. */
	kind: 'vxlan' | 'esp' | 'gossip' | 'manager' | 'other';
	outer: Ends;
	/** Network identifier of VXLAN (RFC 7348). */
	vni?: number;
	/** What is in the VXLAN frame. */
	inner?: Ends;
	/** Security parameters index of ESP (RFC 4303). What is inside cannot be read without the key. */
	spi?: number;
}

/** Decodes the beginning of a frame. @param vxlanPort the swarm's data path port */
export function decode(frame: Buffer, vxlanPort = swarmPorts.vxlan): Decoded {
	const packet = readPacket(frame);
	const outer = endsOf(packet, frame);
	const at = packet.transportAt;
	if (packet.ipProtocol === ipProtocols.esp && at !== undefined && frame.length >= at + 4) {
		return {kind: 'esp', outer, spi: frame.readUInt32BE(at)};
	}

	if (outer.protocol === 'udp' && outer.port === vxlanPort && at !== undefined && frame.length >= at + 16) {
		const inner = frame.subarray(at + 16);
		return {kind: 'vxlan', outer, vni: frame.readUIntBE(at + 12, 3), inner: endsOf(readPacket(inner), inner)};
	}

	const uses = (port: number) => outer.port === port || outer.sourcePort === port;
	const kind = uses(swarmPorts.gossip)
		? 'gossip'
		: outer.protocol === 'tcp' && uses(swarmPorts.manager)
			? 'manager'
			: 'other';
	return {kind, outer};
}

const names: Record<number, string> = {
	[ipProtocols.icmp]: 'icmp',
	[ipProtocols.tcp]: 'tcp',
	[ipProtocols.udp]: 'udp',
	[ipProtocols.esp]: 'esp',
	[ipProtocols.icmp6]: 'icmp6',
};

function endsOf(packet: Packet, frame: Buffer): Ends {
	const {etherType, ipProtocol, addresses, sourcePort, port} = packet;
	if (ipProtocol === undefined || !addresses || frame.length < addresses.at + 2 * addresses.bytes) {
		const protocol = etherType === etherTypes.arp ? 'arp' : `ethernet 0x${etherType.toString(16).padStart(4, '0')}`;
		return {protocol, source: mac(frame, 6), destination: mac(frame, 0)};
	}

	const {at, bytes} = addresses;
	const text = (start: number) => ipText(frame.subarray(start, start + bytes));
	return {
		protocol: names[ipProtocol] ?? `ip ${ipProtocol}`,
		source: text(at),
		destination: text(at + bytes),
		...(sourcePort !== undefined && {sourcePort}),
		...(port !== undefined && {port}),
	};
}

function mac(frame: Buffer, at: number): string {
	return [...frame.subarray(at, at + 6)].map(byte => byte.toString(16).padStart(2, '0')).join(':');
}

function ipText(address: Buffer): string {
	if (address.length === 4) {
		return address.join('.');
	}

	const words = Array.from({length: 8}, (_, index) => address.readUInt16BE(2 * index).toString(16));
	return words.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
