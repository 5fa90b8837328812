/** A scenario's own limit: ends whatever is under way, and says what that was. */
import {setTimeout as sleep} from 'node:timers/promises';
import {NotProvenError, WaitError} from '../errors.ts';
import {describe, within} from '../machine/index.ts';

/** Seconds that what was ended may take to notice. */
const grace = 5;

/**
 * Runs `body`; after `limit` seconds everything that it does with machines is ended.
 * Throws then NotProvenError when the product was awaited, and otherwise WaitError: we could not tell.
 */
export async function withLimit<T>(
	limit: number,
	description: string,
	body: () => Promise<T>,
	onWait: (until: string) => void = () => {},
): Promise<T> {
	const ended = new AbortController();
	return within({signal: ended.signal, onWait}, async scope => {
		const running = body();
		const timer = new AbortController();
		const late = sleep(limit * 1000, undefined, {signal: timer.signal}).then(() => {
			const product = [...scope.activities].some(activity => !activity.ours);
			throw new (product ? NotProvenError : WaitError)(description, limit, describe(scope));
		});
		try {
			return await Promise.race([running, late]);
		} finally {
			timer.abort();
			late.catch(() => {});
			ended.abort(new Error('the limit was reached, or it is over'));
			// What goes on in the background would disturb the next scenario.
			await Promise.race([running.catch(() => {}), sleep(grace * 1000, undefined, {ref: false})]);
		}
	});
}
