/** The time limit of a scenario: ends the work that is under way, and names it in the error. */
import {setTimeout as sleep} from 'node:timers/promises';
import {NotProvenError, WaitError} from '../errors.ts';
import {describeActivities, runInScope} from '../machine/index.ts';

/** Seconds that ended work may take to stop. */
const graceSeconds = 5;

export interface LimitOptions {
	/** Called at the beginning of each wait. */
	onWait?: (until: string) => void;
	/** Returns the seconds for which machines had no CPU of the host. They do not count. */
	starved?: () => number;
}

/**
 * Runs `body`. After `limit` seconds it ends everything that `body` does with machines, and throws NotProvenError if the
 * product was awaited, otherwise WaitError: the claim is undecided.
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
			// Work that continues in the background would disturb the next scenario.
			await Promise.race([running.catch(() => {}), sleep(graceSeconds * 1000, undefined, {ref: false})]);
		}
	});
}

/** Sleeps until `limit` seconds that count have passed. Returns all seconds that passed. */
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
