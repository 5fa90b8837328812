/** What the switch of a LAN remembers: read from its control socket. */
import net from 'node:net';
import {HarnessError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import type {FaultStatus} from '../../model/index.ts';
import {type CaptureHeader, LineReader} from '../control/messages.ts';
import {type CapturedFrame, readFrames} from './frame-ring.ts';

export interface Capture {
	/** Names of the ports, which are those of the nodes. */
	ports: string[];
	/** All frames of the last `limits.captured` seconds that are kept, in the order of their times. */
	frames: CapturedFrame[];
	/** Epoch milliseconds of the time 0 of the frames. */
	timeOriginMs: number;
	/** Time of the frames' clock when they were read. */
	nowMs: number;
	/** Faults that were on then. */
	faults: FaultStatus[];
}

/** Reads what the ports saw. Throws HarnessError if the switch does not answer. */
export async function readCapture(socket: string): Promise<Capture> {
	const connection = net.connect(socket);
	connection.setTimeout(limits.switchAnswer * 1000, () =>
		connection.destroy(new HarnessError(`The LAN's switch does not answer: ${socket}`)),
	);
	const parts: Buffer[] = [];
	await new Promise<void>((resolve, reject) => {
		connection.on('data', chunk => parts.push(chunk));
		connection.once('end', resolve);
		connection.once('close', () => resolve());
		connection.once('error', error => {
			reject(
				error instanceof HarnessError
					? error
					: new HarnessError(`The LAN's switch cannot be reached: ${socket}`, {cause: error}),
			);
		});
		connection.write(`${JSON.stringify({op: 'capture'})}\n`);
	});
	connection.destroy();
	return parseCapture(Buffer.concat(parts));
}

/** Reads the answer to the request `capture`. Throws HarnessError if it is cut off. Pure. */
export function parseCapture(bytes: Buffer): Capture {
	const end = bytes.indexOf(10);
	const [line = '{}'] = new LineReader().push(bytes.subarray(0, end + 1));
	const {rings = [], ...header} = JSON.parse(line) as CaptureHeader;
	const frames: CapturedFrame[] = [];
	let at = end + 1;
	for (const {port, bytes: length} of rings) {
		if (at + length > bytes.length) {
			throw new HarnessError("The switch's capture is cut off: the switch ended while it was read");
		}

		for (const frame of readFrames(port, bytes.subarray(at, at + length))) {
			if (frame.timeMs >= header.nowMs - limits.captured * 1000) {
				frames.push(frame);
			}
		}

		at += length;
	}

	return {ports: rings.map(({port}) => port), frames: frames.sort((a, b) => a.timeMs - b.timeMs), ...header};
}
