/**
 * subunit v2: the stream of binary packets in which stestr and tempest keep results. A packet is 0xB3, flags, its length, what
 * the flags announce, and a CRC-32 (testing-cabal/subunit, README, "Version 2"). What stands between packets is output
 * of somebody else and is passed over; a damaged packet costs itself, not those after it.
 */
import {crc32} from 'node:zlib';

const signature = 0xb3;
const version = 2;
const statuses = [undefined, 'exists', 'inprogress', 'success', 'uxsuccess', 'skip', 'fail', 'xfail'] as const;

export type SubunitStatus = NonNullable<(typeof statuses)[number]>;

export interface Packet {
	status?: SubunitStatus;
	id?: string;
	/** Epoch milliseconds. */
	at?: number;
	tags: string[];
	/** An attachment, or a part of one. */
	file?: {name: string; bytes: Buffer; mime?: string};
	/** Whose stream it came in by, where several were joined. */
	route?: string;
}

const flag = {id: 0x0800, route: 0x0400, timestamp: 0x0200, tags: 0x0080, file: 0x0040, mime: 0x0020} as const;

/** A length has 22 bits at most in the format's own words; more is a byte that only looks like a packet. */
const longest = 4 * 1024 * 1024;
const shortest = 8;

/** Takes bytes, cut anywhere. */
export class SubunitReader {
	/** Packets that were damaged, and bytes between packets. */
	readonly seen = {packets: 0, damaged: 0, foreign: 0};
	readonly #onPacket: (packet: Packet) => void;
	#rest: Buffer = Buffer.alloc(0);

	constructor(onPacket: (packet: Packet) => void) {
		this.#onPacket = onPacket;
	}

	write(bytes: Buffer): void {
		this.#scan(this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]), false);
	}

	/** To be called at the end: what waits for more bytes is cut off, or only looks like a packet. */
	end(): void {
		this.#scan(this.#rest, true);
	}

	#scan(all: Buffer, isAll: boolean): void {
		let at = 0;
		for (;;) {
			const start = all.indexOf(signature, at);
			this.seen.foreign += (start < 0 ? all.length : start) - at;
			if (start < 0) {
				at = all.length;
				break;
			}

			const length = lengthAt(all, start);
			const waits = length === undefined || (length !== 'none' && all.length < start + length);
			if (waits && !isAll) {
				at = start;
				break;
			}

			const packet = waits || length === 'none' ? undefined : decode(all.subarray(start, start + length));
			if (packet && typeof length === 'number') {
				this.seen.packets += 1;
				this.#onPacket(packet);
				at = start + length;
			} else {
				// A byte of somebody's output, or a damaged packet: the next one is looked for behind it.
				this.seen[length === 'none' ? 'foreign' : 'damaged'] += 1;
				at = start + 1;
			}
		}

		this.#rest = Buffer.from(all.subarray(at));
	}
}

/** Length of the packet that begins here; undefined where more bytes are needed, `none` where it is no packet. */
function lengthAt(bytes: Buffer, start: number): number | 'none' | undefined {
	if (bytes.length < start + 7) {
		return undefined;
	}

	if (bytes[start + 1]! >> 4 !== version) {
		return 'none';
	}

	const [length] = new Cursor(bytes.subarray(start + 3)).number();
	return length < shortest || length > longest ? 'none' : length;
}

function decode(packet: Buffer): Packet | undefined {
	const body = packet.subarray(0, -4);
	if (crc32(body) !== packet.readUInt32BE(packet.length - 4)) {
		return undefined;
	}

	try {
		return read(body);
	} catch (error) {
		if (error instanceof RangeError) {
			return undefined;
		}

		throw error;
	}
}

function read(body: Buffer): Packet {
	const flags = body.readUInt16BE(1);
	const cursor = new Cursor(body.subarray(3));
	cursor.number();
	const at = flags & flag.timestamp ? cursor.time() : undefined;
	const id = flags & flag.id ? cursor.text() : undefined;
	const tags = flags & flag.tags ? Array.from({length: cursor.number()[0]}, () => cursor.text()) : [];
	const mime = flags & flag.mime ? cursor.text() : undefined;
	const file =
		flags & flag.file ? {name: cursor.text(), bytes: cursor.bytes(), ...(mime !== undefined && {mime})} : undefined;
	const route = flags & flag.route ? cursor.text() : undefined;
	const status = statuses[flags & 0x7];
	return {
		...(status && {status}),
		...(id !== undefined && {id}),
		...(at !== undefined && {at}),
		tags,
		...(file && {file}),
		...(route !== undefined && {route}),
	};
}

/** Reads on through a packet. Throws RangeError at its end. */
class Cursor {
	readonly #buffer: Buffer;
	#at = 0;

	constructor(buffer: Buffer) {
		this.#buffer = buffer;
	}

	/** The two highest bits say how many bytes follow. Its value and its size. */
	number(): [value: number, size: number] {
		const first = this.#buffer.readUInt8(this.#at);
		const size = (first >> 6) + 1;
		const value = this.#buffer.readUIntBE(this.#at, size) % 2 ** (8 * size - 2);
		this.#at += size;
		return [value, size];
	}

	bytes(): Buffer {
		const [length] = this.number();
		const end = this.#at + length;
		if (end > this.#buffer.length) {
			throw new RangeError('beyond the packet');
		}

		const bytes = this.#buffer.subarray(this.#at, end);
		this.#at = end;
		return bytes;
	}

	text(): string {
		return this.bytes().toString('utf8');
	}

	time(): number {
		const seconds = this.#buffer.readUInt32BE(this.#at);
		this.#at += 4;
		const [nanoseconds] = this.number();
		return seconds * 1000 + nanoseconds / 1e6;
	}
}
