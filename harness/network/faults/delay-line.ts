/** Frames that a fault made late, until their time has come. */
import type {SwitchPort} from '../learning-switch.ts';

interface Held {
	to: SwitchPort;
	frame: Buffer;
	atMs: number;
}

/** Bytes that may be held. A frame that does not fit is dropped: a fault must not cost this host its memory. */
const maximumHeldBytes = 32 * 1024 * 1024;

/** The clock of a process. */
export interface Clock {
	nowMs(): number;
	/** Calls `wake` once, after so many milliseconds. */
	after(ms: number, wake: () => void): void;
}

/** The clock of this process. Its timers do not keep the process running. */
export const processClock: Clock = {
	nowMs: () => performance.now(),
	after(ms, wake) {
		setTimeout(wake, ms).unref();
	},
};

export class DelayLine {
	/** By their time; of frames for the same time, the one that was pushed first is first. */
	readonly #held: Held[] = [];
	readonly #clock: Clock;
	readonly #deliver: (to: SwitchPort, frame: Buffer) => void;
	#bytes = 0;

	constructor(clock: Clock, deliver: (to: SwitchPort, frame: Buffer) => void) {
		this.#clock = clock;
		this.#deliver = deliver;
	}

	/** Holds a copy of the frame until its time. Returns false if there is no room for it. */
	push(to: SwitchPort, frame: Buffer, atMs: number): boolean {
		if (this.#bytes + frame.length > maximumHeldBytes) {
			return false;
		}

		this.#bytes += frame.length;
		// The frame is a part of a larger buffer, which is reused or kept as a whole.
		const held = {to, frame: Buffer.from(frame), atMs};
		const index = this.#held.findLastIndex(each => each.atMs <= atMs) + 1;
		this.#held.splice(index, 0, held);
		if (index === 0) {
			this.#wakeAt(atMs);
		}

		return true;
	}

	#wakeAt(atMs: number): void {
		this.#clock.after(Math.max(0, atMs - this.#clock.nowMs()), () => this.#deliverDue());
	}

	#deliverDue(): void {
		const now = this.#clock.nowMs();
		const later = this.#held.findIndex(({atMs}) => atMs > now);
		const due = this.#held.splice(0, later < 0 ? this.#held.length : later);
		for (const {to, frame} of due) {
			this.#bytes -= frame.length;
			this.#deliver(to, frame);
		}

		// Timers are counted in whole milliseconds, so one may be early.
		if (this.#held.length > 0 && due.length > 0) {
			this.#wakeAt(this.#held[0]!.atMs);
		} else if (this.#held.length > 0) {
			this.#clock.after(1, () => this.#deliverDue());
		}
	}
}
