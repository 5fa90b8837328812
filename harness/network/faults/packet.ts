/** Reads what a fault may ask of an Ethernet frame. Pure. */

export const etherTypes = {ipv4: 0x08_00, arp: 0x08_06, ipv6: 0x86_dd};
const vlanTag = 0x81_00;

/** IANA, "Assigned Internet Protocol Numbers". */
export const ipProtocols = {icmp: 1, tcp: 6, udp: 17, esp: 50, icmp6: 58};

export interface Packet {
	etherType: number;
	/** Bytes after the Ethernet header. */
	payloadBytes: number;
	/** Protocol number of IP; undefined where there is no IP. */
	ipProtocol?: number;
	/** Ports of TCP and UDP; undefined for other protocols and for later fragments. */
	sourcePort?: number;
	port?: number;
	/** Where the addresses begin, and how long each one is. */
	addresses?: {at: number; bytes: 4 | 16};
	/** Where the header after that of IP begins; undefined in later fragments. */
	transportAt?: number;
}

/** Reads a frame. What is cut off is left out: a frame comes from a guest, and may hold anything. */
export function readPacket(frame: Buffer): Packet {
	let at = 12;
	if (frame.length < at + 2) {
		return {etherType: 0, payloadBytes: 0};
	}

	let etherType = frame.readUInt16BE(at);
	if (etherType === vlanTag && frame.length >= at + 6) {
		at += 4;
		etherType = frame.readUInt16BE(at);
	}

	at += 2;
	const packet: Packet = {etherType, payloadBytes: frame.length - at};
	if (etherType === etherTypes.ipv4 && frame.length >= at + 20) {
		readIpv4(packet, frame, at);
	} else if (etherType === etherTypes.ipv6 && frame.length >= at + 40) {
		// Extension headers are not followed: nothing that a swarm sends has any.
		packet.ipProtocol = frame[at + 6]!;
		packet.addresses = {at: at + 8, bytes: 16};
		readPorts(packet, frame, at + 40);
	}

	return packet;
}

function readIpv4(packet: Packet, frame: Buffer, at: number): void {
	packet.ipProtocol = frame[at + 9]!;
	packet.addresses = {at: at + 12, bytes: 4};
	// RFC 791: the lower 13 bits are the offset of a fragment. Only the first one has the next header.
	if ((frame.readUInt16BE(at + 6) & 0x1f_ff) === 0) {
		readPorts(packet, frame, at + (frame[at]! & 15) * 4);
	}
}

function readPorts(packet: Packet, frame: Buffer, at: number): void {
	packet.transportAt = at;
	const hasPorts = packet.ipProtocol === ipProtocols.tcp || packet.ipProtocol === ipProtocols.udp;
	if (hasPorts && frame.length >= at + 4) {
		packet.sourcePort = frame.readUInt16BE(at);
		packet.port = frame.readUInt16BE(at + 2);
	}
}
