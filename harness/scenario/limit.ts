/** A scenario's own limit: ends whatever is under way, and says what that was. */
import {setTimeout as sleep} from 'node:timers/promises';
import {NotProvenError, WaitError} from '../errors.ts';
import {describeActivities, runInScope} from '../machine/index.ts';

/** Seconds that what was ended may take to notice. */
const graceSeconds = 5;

export interface LimitOptions {
	/** Told of each wait that begins. */
	onWait?: (until: string) => void;
	/** Seconds for which machines had no CPU of the host: they do not count. */
	starved?: () => number;
}

/**
 * Runs `body`; after `limit` seconds everything that it does with machines is ended.
 * Throws then NotProvenError when the product was awaited, and otherwise WaitError: we could not tell.
 */
export async function withLimit<T>(
	limit: number,
	description: string,
	body: () => Promise<T>,
	options: LimitOptions = {},
): Promise<T> {
	const ended = new AbortController();
	return runInScope({...options, signal: ended.signal}, async scope => {
		const running = body();
		const over = new AbortController();
		const late = sleepExcludingStarvation(limit, options.starved ?? (() => 0), over.signal).then(seconds => {
			const product = [...scope.activities].some(activity => !activity.ours);
			throw new (product ? NotProvenError : WaitError)(description, seconds, describeActivities(scope));
		});
		try {
			return await Promise.race([running, late]);
		} finally {
			over.abort();
			late.catch(() => {});
			ended.abort(new Error('the limit was reached, or it is over'));
			// What goes on in the background would disturb the next scenario.
			await Promise.race([running.catch(() => {}), sleep(graceSeconds * 1000, undefined, {ref: false})]);
		}
	});
}

/** Returns the seconds that went by when those that count are used up. */
async function sleepExcludingStarvation(limit: number, starved: () => number, signal: AbortSignal): Promise<number> {
	const start = performance.now();
	const before = starved();
	for (;;) {
		const seconds = (performance.now() - start) / 1000;
		const left = limit - seconds + starved() - before;
		if (left <= 0) {
			return seconds;
		}

		await sleep(left * 1000, undefined, {signal});
	}
}
