/**
 * QEMU's `-netdev stream` framing: each Ethernet frame is preceded by its length, 32 bits, big-endian
 * (QEMU net/stream.c, net/net.c: net_socket_rs_init).
 */

/** QEMU's own limit, NET_BUFSIZE: 4096 + 65536. A greater length means that we have lost the frame boundaries. */
const longestFrameBytes = 69_632;

/** Cuts a byte stream into frames. `push` takes new bytes and returns the frames that are now complete. */
export class FrameReader {
	#rest: Buffer = Buffer.alloc(0);

	push(chunk: Buffer): Buffer[] {
		let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		const frames: Buffer[] = [];
		while (bytes.length >= 4) {
			const length = bytes.readUInt32BE(0);
			if (length > longestFrameBytes) {
				throw new RangeError(
					`A frame of ${length} bytes was announced on the LAN; QEMU sends at most ${longestFrameBytes}`,
				);
			}

			if (bytes.length < 4 + length) {
				break;
			}

			frames.push(bytes.subarray(4, 4 + length));
			bytes = bytes.subarray(4 + length);
		}

		this.#rest = bytes;
		return frames;
	}
}

/** Returns a frame with its length before it, as QEMU reads it. */
export function encodeFrame(frame: Buffer): Buffer {
	const header = Buffer.allocUnsafe(4);
	header.writeUInt32BE(frame.length, 0);
	return Buffer.concat([header, frame]);
}
