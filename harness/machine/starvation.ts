/**
 * Measures how long machines waited for a CPU of this host. This time does not count against limits: a host that is busy with
 * other work must not turn a slow answer into a failed claim.
 */
import {limits} from '../limits.ts';
import type {MachineHandle} from '../model/index.ts';
import {runInScope} from './activity.ts';
import {CpuMeter, type CpuSample, stretchBetween} from './cpu-time.ts';

type Handle = Pick<MachineHandle, 'name' | 'pid'>;

/**
 * Runs `body`. Time for which these machines waited for a CPU does not count against the limits in it.
 * @param signal ends the waits in `body`
 */
export async function excludingStarvation<T>(
	handles: readonly Handle[],
	body: () => Promise<T>,
	{signal}: {signal: AbortSignal} = new AbortController(),
): Promise<T> {
	return runInScope({signal, starved: watchStarvation(handles)}, body);
}

/** Returns a function that returns the seconds since this call for which the most starved machine waited for a CPU. */
export function watchStarvation(handles: readonly Handle[]): () => number {
	const watch = new CpuWatch(handles);
	return () => watch.waitedSeconds();
}

/** The CPU time of a machine over a while, from the first sample to the last. */
export interface CpuHistory {
	machine: string;
	samples: readonly CpuSample[];
}

/** A reading may cost this host so much of one CPU: that of a container is some hundred files. */
const mostCost = 0.05;

interface Watched {
	handle: Handle;
	meter: CpuMeter;
	samples: CpuSample[];
	last: CpuSample;
}

/** Watches machines from the moment that it is made. A machine without a process on this host counts as never starved. */
export class CpuWatch {
	readonly #machines: Watched[];
	readonly #timer: NodeJS.Timeout | undefined;
	#nextReadingMs = 0;

	/** @param keepsHistory takes samples by a timer, until `stop` is called */
	constructor(handles: readonly Handle[], {keepsHistory = false} = {}) {
		this.#machines = handles.map(handle => {
			const meter = new CpuMeter();
			const first = meter.read(handle.pid);
			return {handle, meter, samples: [first], last: first};
		});
		if (keepsHistory) {
			this.#timer = setInterval(() => this.#keep(), limits.cpuSample * 1000).unref();
		}
	}

	/** Returns the seconds for which the machine that waited longest had no CPU. */
	waitedSeconds(): number {
		this.#read();
		return Math.max(0, ...this.#machines.map(({samples, last}) => stretchBetween(samples[0]!, last).waitedSeconds));
	}

	/** Ends the timer. Returns what the samples were, up to this moment. */
	stop(): CpuHistory[] {
		clearInterval(this.#timer);
		this.#nextReadingMs = 0;
		this.#keep();
		return this.#machines.map(({handle, samples}) => ({machine: handle.name, samples}));
	}

	#keep(): void {
		this.#read();
		for (const {samples, last} of this.#machines) {
			if (samples.at(-1) !== last) {
				samples.push(last);
			}
		}
	}

	#read(): void {
		const start = performance.now();
		if (start < this.#nextReadingMs) {
			return;
		}

		for (const machine of this.#machines) {
			// An upgraded machine has another process, which is not known: what was seen until then stands.
			if (machine.handle.pid !== undefined) {
				machine.last = machine.meter.read(machine.handle.pid);
			}
		}

		const end = performance.now();
		this.#nextReadingMs = end + (end - start) / mostCost;
	}
}
