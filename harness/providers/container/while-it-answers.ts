/** Gives up work on a Docker host that is there and answers no more: testcontainers would wait for it for ever. */
import {setTimeout as delay} from 'node:timers/promises';
import {limits} from '../../limits.ts';

/**
 * Returns what `work` returns. Throws its error, or that of `ask` if `ask` has thrown for `limit` seconds; `work` may go on then.
 * @param ask one question to the Docker host, with a limit of its own. @param pause seconds between two questions.
 * @param now milliseconds of a clock
 */
export async function whileItAnswers<T>(
	work: Promise<T>,
	ask: () => Promise<unknown>,
	{
		limit = limits.dockerHostSilence,
		pause = limits.dockerHostAsked,
		now = () => performance.now(),
	}: {limit?: number; pause?: number; now?: () => number} = {},
): Promise<T> {
	const over = new AbortController();
	const silence = async (): Promise<never> => {
		for (let answered = now(); ; ) {
			await delay(pause * 1000, undefined, {signal: over.signal});
			try {
				await ask();
				answered = now();
			} catch (error) {
				if (now() - answered > limit * 1000) {
					throw error;
				}
			}
		}
	};
	try {
		return await Promise.race([work, silence()]);
	} finally {
		over.abort();
	}
}
