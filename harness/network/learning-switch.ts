/**
 * A learning Ethernet switch in memory. It has no sockets and no clock, so tests need only bytes.
 * A frame goes out of the port where its destination was last seen; unknown, broadcast and multicast
 * frames go out of every other port, as in hardware (IEEE 802.1D, without spanning tree).
 */

/** Limit of the table of stations, so that a guest that invents addresses cannot grow it without bound. */
const maximumStations = 4096;

export interface SwitchPort {
	readonly name: string;
	/** Takes the frame. Returns false if the port has no room for it. */
	send(frame: Buffer): boolean;
}

/** Traffic of a port, as seen by the switch. */
export interface PortCounters {
	framesIn: number;
	bytesIn: number;
	framesOut: number;
	bytesOut: number;
	/** Frames dropped because the port had no room. */
	dropped: number;
}

/** What is between the ports: it sees each frame before its receiver does. */
export interface Wire {
	/** A frame came in at a port. */
	came(from: SwitchPort, frame: Buffer): void;
	/** Returns whether the frame goes on now. If not, it is lost, or the wire delivers it later. */
	carries(from: SwitchPort, to: SwitchPort, frame: Buffer): boolean;
	/** A frame went out of a port. */
	went(to: SwitchPort, frame: Buffer): void;
}

export class LearningSwitch {
	readonly #ports = new Map<SwitchPort, PortCounters>();
	readonly #stations = new Map<string, SwitchPort>();
	readonly #wire: Wire | undefined;

	constructor(wire?: Wire) {
		this.#wire = wire;
	}

	attach(port: SwitchPort): void {
		this.#ports.set(port, {framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0, dropped: 0});
	}

	detach(port: SwitchPort): void {
		this.#ports.delete(port);
		for (const [station, at] of this.#stations) {
			if (at === port) {
				this.#stations.delete(station);
			}
		}
	}

	/** Takes one frame from a port and forwards it. QEMU sends frames without checksum. Runts are dropped. */
	receive(from: SwitchPort, frame: Buffer): void {
		const counters = this.#ports.get(from);
		if (!counters || frame.length < 14) {
			return;
		}

		counters.framesIn++;
		counters.bytesIn += frame.length;
		this.#wire?.came(from, frame);
		this.#learn(station(frame, 6), from);
		const isGroup = (frame[0]! & 1) === 1;
		const to = isGroup ? undefined : this.#stations.get(station(frame, 0));
		if (to) {
			if (to !== from) {
				this.#forward(from, to, frame);
			}

			return;
		}

		for (const port of this.#ports.keys()) {
			if (port !== from) {
				this.#forward(from, port, frame);
			}
		}
	}

	/** Sends a frame out of a port. A port that was detached gets nothing. */
	deliver(port: SwitchPort, frame: Buffer): void {
		const counters = this.#ports.get(port);
		if (!counters) {
			return;
		}

		if (port.send(frame)) {
			counters.framesOut++;
			counters.bytesOut += frame.length;
			this.#wire?.went(port, frame);
		} else {
			counters.dropped++;
		}
	}

	/** Returns the counters by port name. */
	counters(): Record<string, PortCounters> {
		return Object.fromEntries([...this.#ports].map(([port, counters]) => [port.name, {...counters}]));
	}

	#learn(address: string, port: SwitchPort): void {
		if (this.#stations.has(address) || this.#stations.size < maximumStations) {
			this.#stations.set(address, port);
		}
	}

	#forward(from: SwitchPort, to: SwitchPort, frame: Buffer): void {
		if (this.#wire === undefined || this.#wire.carries(from, to, frame)) {
			this.deliver(to, frame);
		}
	}
}

function station(frame: Buffer, offset: number): string {
	return frame.toString('latin1', offset, offset + 6);
}
