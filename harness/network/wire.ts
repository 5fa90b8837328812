/** The wire between the ports of a LAN's switch: it puts faults on links, and remembers the last frames of each port. */
import {FrameRing} from './capture/frame-ring.ts';
import {type Clock, DelayLine} from './faults/delay-line.ts';
import type {FaultTable} from './faults/fault-table.ts';
import type {SwitchPort, Wire} from './learning-switch.ts';

/** Memory of one port's capture, and of all of them. */
const ringBytes = {ofPort: 4 * 1024 * 1024, ofAll: 64 * 1024 * 1024};

export interface WireOptions {
	table: FaultTable;
	clock: Clock;
	/** Names of all ports that there may be. */
	names: readonly string[];
	/** Sends a frame out of a port. */
	deliver: (to: SwitchPort, frame: Buffer) => void;
	/** Without: nothing is captured. */
	captures?: boolean;
}

export class FaultyWire implements Wire {
	/** The last frames of each port; empty if nothing is captured. */
	readonly rings: ReadonlyMap<string, FrameRing>;
	readonly #table: FaultTable;
	readonly #clock: Clock;
	readonly #late: DelayLine;

	constructor({table, clock, names, deliver, captures = true}: WireOptions) {
		const bytes = Math.min(ringBytes.ofPort, ringBytes.ofAll / names.length);
		this.rings = new Map(captures ? names.map(name => [name, new FrameRing(bytes)]) : []);
		this.#table = table;
		this.#clock = clock;
		this.#late = new DelayLine(clock, deliver);
	}

	came(from: SwitchPort, frame: Buffer): void {
		this.rings.get(from.name)?.push('in', frame, this.#clock.nowMs());
	}

	went(to: SwitchPort, frame: Buffer): void {
		this.rings.get(to.name)?.push('out', frame, this.#clock.nowMs());
	}

	carries(from: SwitchPort, to: SwitchPort, frame: Buffer): boolean {
		if (this.#table.isEmpty) {
			return true;
		}

		const nowMs = this.#clock.nowMs();
		const {deliveries, droppedBy} = this.#table.pass({from: from.name, to: to.name}, frame, nowMs);
		if (deliveries.length === 0) {
			this.rings.get(to.name)?.push('dropped', frame, nowMs, droppedBy);
			return false;
		}

		const [only] = deliveries;
		if (deliveries.length === 1 && only!.frame === frame && only!.atMs <= nowMs) {
			return true;
		}

		for (const {frame: each, atMs} of deliveries) {
			this.#late.push(to, each, atMs);
		}

		return false;
	}
}
