/** What is said on the control socket of a LAN's switch: one JSON text per line, in both directions. */
import type {FaultStatus} from '../../model/index.ts';

/** What a client asks. Answers come in the order of the requests. */
export type Request =
	/** Puts a fault in. It lives as long as this connection. `by` is who puts it in. */
	| {op: 'add'; fault: unknown; by: string}
	/** Lists the faults that are on, whichever connection made them. */
	| {op: 'list'}
	/** Heals a fault, whichever connection made it. */
	| {op: 'remove'; id: number}
	/** The answer is a CaptureHeader, then the rings' bytes, then the end of the connection. */
	| {op: 'capture'};

/** The answer to a request. */
export type Answer = {ok: unknown} | {error: string; remedy?: string};

/** Is sent without a request to the connection that made a fault, if another one healed it. */
export interface Healed {
	healed: FaultStatus;
}

export interface CaptureHeader {
	/** The rings that follow, in this order. */
	rings: {port: string; bytes: number}[];
	/** Epoch milliseconds of the time 0 of the rings' clock. */
	timeOriginMs: number;
	/** Time of the rings' clock when they were read. */
	nowMs: number;
	faults: FaultStatus[];
}

/** A line may not be longer: a fault is some hundred bytes. */
const longestLineBytes = 1024 * 1024;

/** Cuts a byte stream into lines. */
export class LineReader {
	#rest: Buffer = Buffer.alloc(0);

	/** Returns the lines that are now complete, without their ends. Throws RangeError for a line that does not end. */
	push(chunk: Buffer): string[] {
		let bytes = Buffer.concat([this.#rest, chunk]);
		const lines: string[] = [];
		for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
			lines.push(bytes.toString('utf8', 0, end));
			bytes = bytes.subarray(end + 1);
		}

		if (bytes.length > longestLineBytes) {
			throw new RangeError(`A line of more than ${longestLineBytes} bytes`);
		}

		this.#rest = bytes;
		return lines;
	}

	/** The bytes after the last complete line. */
	get rest(): Buffer {
		return this.#rest;
	}
}
