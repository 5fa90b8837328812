/**
 * Writes a capture as pcapng (IETF draft-ietf-opsawg-pcapng): an interface for each port, timestamps in nanoseconds. Pure.
 */
import type {FaultStatus} from '../../model/index.ts';
import type {Capture} from './capture.ts';
import {type CapturedFrame, keptOfFrameBytes} from './frame-ring.ts';

const blocks = {section: 0x0a_0d_0d_0a, interface: 1, packet: 6};
const options = {comment: 1, application: 4, interfaceName: 2, interfaceDescription: 3, resolution: 9, flags: 2};
const ethernet = 1;

/** Directions of a packet block, as the port of the switch sees them. */
const directions = {in: 1, out: 2, dropped: 2};

/**
 * Returns the file. Each port is an interface with the name of its node: `inbound` is what the node sent, `outbound` what it
 * got. What a fault dropped before it reached a node is on an interface of its own, `NODE dropped`, with the fault as comment.
 */
export function pcapngOf({ports, frames, timeOriginMs, faults}: Capture): Buffer {
	const dropped = ports.filter(port => frames.some(each => each.port === port && each.way === 'dropped'));
	const interfaces = [...ports, ...dropped.map(droppedName)];
	const indexOf = new Map(interfaces.map((name, index) => [name, index]));
	return Buffer.concat([
		sectionHeader(),
		...interfaces.map((name, index) =>
			interfaceBlock(
				name,
				index < ports.length
					? `the switch's port of ${name}: inbound is what ${name} sent, outbound what it got`
					: `what a fault dropped before it reached ${dropped[index - ports.length]}`,
			),
		),
		...frames.map(frame =>
			packetBlock(
				frame,
				indexOf.get(frame.way === 'dropped' ? droppedName(frame.port) : frame.port)!,
				timeOriginMs,
				faults,
			),
		),
	]);
}

function droppedName(port: string): string {
	return `${port} dropped`;
}

function sectionHeader(): Buffer {
	const body = Buffer.alloc(16);
	body.writeUInt32LE(0x1a_2b_3c_4d, 0);
	body.writeUInt16LE(1, 4);
	// The length of the section is not given.
	body.writeBigInt64LE(-1n, 8);
	return block(blocks.section, body, [option(options.application, Buffer.from('swarmlab'))]);
}

function interfaceBlock(name: string, description: string): Buffer {
	const body = Buffer.alloc(8);
	body.writeUInt16LE(ethernet, 0);
	body.writeUInt32LE(keptOfFrameBytes, 4);
	return block(blocks.interface, body, [
		option(options.interfaceName, Buffer.from(name)),
		option(options.interfaceDescription, Buffer.from(description)),
		// 10^-9 s.
		option(options.resolution, Buffer.from([9])),
	]);
}

function packetBlock(
	{bytes, frameBytes, timeMs, way, fault}: CapturedFrame,
	index: number,
	timeOriginMs: number,
	faults: readonly FaultStatus[],
): Buffer {
	const nanoseconds = nanosecondsOf(timeOriginMs, timeMs);
	const body = Buffer.alloc(20);
	body.writeUInt32LE(index, 0);
	body.writeUInt32LE(Number(nanoseconds >> 32n), 4);
	body.writeUInt32LE(Number(nanoseconds & 0xff_ff_ff_ffn), 8);
	body.writeUInt32LE(bytes.length, 12);
	body.writeUInt32LE(frameBytes, 16);
	const flags = Buffer.alloc(4);
	flags.writeUInt32LE(directions[way], 0);
	const what = faults.find(({id}) => id === fault)?.what;
	return block(blocks.packet, Buffer.concat([body, padded(bytes)]), [
		option(options.flags, flags),
		...(fault === undefined
			? []
			: [option(options.comment, Buffer.from(`dropped by fault ${fault}${what ? `: ${what}` : ''}`))]),
	]);
}

/** A double cannot hold nanoseconds since 1970, so the whole milliseconds are converted on their own. */
function nanosecondsOf(timeOriginMs: number, timeMs: number): bigint {
	const whole = Math.floor(timeOriginMs) + Math.floor(timeMs);
	const rest = timeOriginMs - Math.floor(timeOriginMs) + (timeMs - Math.floor(timeMs));
	return BigInt(whole) * 1_000_000n + BigInt(Math.round(rest * 1e6));
}

function option(code: number, value: Buffer): Buffer {
	const header = Buffer.alloc(4);
	header.writeUInt16LE(code, 0);
	header.writeUInt16LE(value.length, 2);
	return Buffer.concat([header, padded(value)]);
}

function padded(bytes: Buffer): Buffer {
	const missing = -bytes.length & 3;
	return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

function block(type: number, body: Buffer, blockOptions: readonly Buffer[]): Buffer {
	const content = Buffer.concat([body, ...blockOptions, Buffer.alloc(4)]);
	const length = content.length + 12;
	const head = Buffer.alloc(8);
	head.writeUInt32LE(type, 0);
	head.writeUInt32LE(length, 4);
	const tail = Buffer.alloc(4);
	tail.writeUInt32LE(length, 0);
	return Buffer.concat([head, content, tail]);
}
