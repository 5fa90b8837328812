/** Captures for some time: reads the switch's memory again and again, as it holds only the newest frames. */
import {setTimeout as delay} from 'node:timers/promises';
import {type Capture, readCapture} from './capture.ts';

/** Seconds between two looks. The memory of a port, 4 MiB, is 8000 frames of full size. */
const lookInterval = 2;

/** Returns what passes from now on, for so many seconds. Throws HarnessError if the switch does not answer. */
export async function recordFor(socket: string, seconds: number, signal?: AbortSignal): Promise<Capture> {
	const first = await readCapture(socket);
	const sinceMs = first.nowMs;
	let all = merged(first, first, sinceMs);
	for (let left = seconds; left > 0 && !signal?.aborted; left -= lookInterval) {
		await delay(Math.min(left, lookInterval) * 1000, undefined, {signal}).catch(() => {});
		all = merged(all, await readCapture(socket), sinceMs);
	}

	return all;
}

/** Adds to a capture the frames that a later one has besides. Pure. */
export function merged(before: Capture, after: Capture, sinceMs: number): Capture {
	const lastOf = new Map(before.frames.map(({port, timeMs}) => [port, timeMs]));
	const old = before.frames.filter(({timeMs}) => timeMs >= sinceMs);
	const added = after.frames.filter(({port, timeMs}) => timeMs >= sinceMs && timeMs > (lastOf.get(port) ?? 0));
	const faults = [...before.faults.filter(({id}) => !after.faults.some(each => each.id === id)), ...after.faults];
	return {...after, faults, frames: [...old, ...added].sort((a, b) => a.timeMs - b.timeMs)};
}
