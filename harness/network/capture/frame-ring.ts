/** The last frames of a port, in memory of fixed size: the oldest are overwritten. */

/** How the port saw a frame. `dropped`: a fault dropped it before it reached the port. */
export const ways = ['in', 'out', 'dropped'] as const;
export type Way = (typeof ways)[number];

/** Bytes kept of a frame: its headers, those of VXLAN and of the frame in it, and the beginning of its content. */
export const keptOfFrameBytes = 512;

/** Time (64-bit float, ms), bytes kept, bytes of the frame, fault, way. */
const headerBytes = 8 + 2 + 4 + 4 + 1;

/** The ring is overwritten in pieces of this share. */
const segments = 8;

export class FrameRing {
	readonly #segmentBytes: number;
	readonly #segments: Buffer[] = [];
	/** Bytes written in each segment. */
	readonly #used: number[] = [];
	/** Index of the segment that is written to. */
	#current = 0;

	/** Memory is taken as frames come, up to `bytes`. */
	constructor(bytes: number) {
		this.#segmentBytes = Math.max(headerBytes + keptOfFrameBytes, Math.floor(bytes / segments));
	}

	/**
	 * Keeps the beginning of a frame.
	 * @param timeMs time in milliseconds of the caller's clock
	 * @param fault the fault that dropped it; 0 if none did
	 */
	push(way: Way, frame: Buffer, timeMs: number, fault = 0): void {
		const kept = Math.min(frame.length, keptOfFrameBytes);
		const segment = this.#segmentWith(headerBytes + kept);
		let at = this.#used[this.#current]!;
		this.#used[this.#current] = at + headerBytes + kept;
		segment.writeDoubleLE(timeMs, at);
		segment.writeUInt16LE(kept, at + 8);
		segment.writeUInt32LE(frame.length, at + 10);
		segment.writeUInt32LE(fault, at + 14);
		segment.writeUInt8(ways.indexOf(way), at + 18);
		at += headerBytes;
		frame.copy(segment, at, 0, kept);
	}

	/** Returns a copy of all that is kept, the oldest first: see readFrames. */
	read(): Buffer {
		const oldestFirst = this.#segments.map((_, index) => (this.#current + 1 + index) % this.#segments.length);
		return Buffer.concat(oldestFirst.map(index => this.#segments[index]!.subarray(0, this.#used[index])));
	}

	#segmentWith(room: number): Buffer {
		const last = this.#segments[this.#current];
		if (last && this.#used[this.#current]! + room <= this.#segmentBytes) {
			return last;
		}

		if (last) {
			this.#current = this.#segments.length < segments ? this.#segments.length : (this.#current + 1) % segments;
		}

		this.#used[this.#current] = 0;
		this.#segments[this.#current] ??= Buffer.allocUnsafe(this.#segmentBytes);
		return this.#segments[this.#current]!;
	}
}

/** A frame that a port saw. */
export interface CapturedFrame {
	/** Name of the port, which is that of its node. */
	port: string;
	way: Way;
	/** Milliseconds of the clock that `push` was given. */
	timeMs: number;
	/** The beginning of the frame. */
	bytes: Buffer;
	/** Length of the whole frame. */
	frameBytes: number;
	/** Id of the fault that dropped it. */
	fault?: number;
}

/** Reads what `FrameRing.read` returned. Pure. */
export function readFrames(port: string, ring: Buffer): CapturedFrame[] {
	const frames: CapturedFrame[] = [];
	for (let at = 0; at + headerBytes <= ring.length; ) {
		const kept = ring.readUInt16LE(at + 8);
		const fault = ring.readUInt32LE(at + 14);
		const start = at + headerBytes;
		frames.push({
			port,
			way: ways[ring.readUInt8(at + 18)]!,
			timeMs: ring.readDoubleLE(at),
			bytes: ring.subarray(start, start + kept),
			frameBytes: ring.readUInt32LE(at + 10),
			...(fault > 0 && {fault}),
		});
		at = start + kept;
	}

	return frames;
}
