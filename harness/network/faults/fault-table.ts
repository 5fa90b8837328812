/** The faults that are on, in the order in which they were put in. It has no sockets and no clock: tests need only bytes. */
import type {Fault, FaultStatus} from '../../model/index.ts';
import {type Act, actOf, type Delivery} from './act.ts';
import {describe} from './describe.ts';
import {isAbout, type Link} from './match.ts';
import {type Packet, readPacket} from './packet.ts';

interface Entry extends FaultStatus {
	/** What made the fault: it goes with it. */
	owner: object;
	act: Act;
}

/** What becomes of a frame: it is delivered (once, later, twice), or a fault dropped it. */
export interface Passage {
	deliveries: Delivery[];
	/** The fault that dropped the frame, or its last copy. */
	droppedBy?: number;
}

export class FaultTable {
	readonly #entries: Entry[] = [];
	#lastId = 0;

	/** No fault is on. */
	get isEmpty(): boolean {
		return this.#entries.length === 0;
	}

	/** Puts a fault in. `owner` is what it lives with: see removeOf. */
	add(fault: Fault, {owner, by, since}: {owner: object; by: string; since: Date}): FaultStatus {
		this.#lastId++;
		const entry: Entry = {
			id: this.#lastId,
			fault,
			what: describe(fault),
			by,
			since: since.toISOString(),
			matched: 0,
			dropped: 0,
			changed: 0,
			owner,
			act: actOf(fault.action),
		};
		this.#entries.push(entry);
		return statusOf(entry);
	}

	/** Heals a fault. Returns its last counters and its owner; undefined if no such fault is on. */
	remove(id: number): {status: FaultStatus; owner: object} | undefined {
		const index = this.#entries.findIndex(each => each.id === id);
		const [entry] = index < 0 ? [] : this.#entries.splice(index, 1);
		return entry && {status: statusOf(entry), owner: entry.owner};
	}

	/** Heals all faults of an owner. */
	removeOf(owner: object): void {
		const others = this.#entries.filter(each => each.owner !== owner);
		this.#entries.splice(0, this.#entries.length, ...others);
	}

	list(): FaultStatus[] {
		return this.#entries.map(statusOf);
	}

	/** Takes a frame through all faults, in their order. `nowMs` is the time of any clock that does not run backwards. */
	pass(link: Link, frame: Buffer, nowMs: number): Passage {
		let deliveries: Delivery[] = [{frame, atMs: nowMs}];
		let read: Packet | undefined;
		const packet = () => {
			read ??= readPacket(frame);
			return read;
		};
		for (const entry of this.#entries) {
			if (!isAbout(entry.fault.match, link, packet)) {
				continue;
			}

			const before = deliveries;
			deliveries = before.flatMap(delivery => this.#act(entry, delivery));
			if (deliveries.length === 0) {
				return {deliveries, droppedBy: entry.id};
			}
		}

		return {deliveries};
	}

	#act(entry: Entry, delivery: Delivery): Delivery[] {
		entry.matched++;
		const after = entry.act(delivery);
		if (after.length === 0) {
			entry.dropped++;
		} else if (after.length > 1 || after[0]!.atMs !== delivery.atMs || after[0]!.frame !== delivery.frame) {
			entry.changed++;
		}

		return after;
	}
}

function statusOf({owner: _, act: __, ...status}: Entry): FaultStatus {
	return {...status};
}
