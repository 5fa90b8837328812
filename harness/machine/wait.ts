/** Waiting that explains itself: a description, a limit, the last thing seen. No bare sleeps anywhere else. */
import {setTimeout as sleep} from 'node:timers/promises';
import {EngineError, NotProvenError, WaitError} from '../errors.ts';
import {limits} from '../limits.ts';
import {reportWait, runActivity, starvedSeconds} from './activity.ts';
import {detectMisuse} from './misuse.ts';

/** What a look found. `hopeless`: it cannot come any more, for this reason. */
export type Look<T> = {done: true; value: T} | {done: false; seen: string} | {hopeless: string};

export interface WaitOptions {
	/** Seconds in which the machines had a CPU of the host. */
	limit: number;
	/** Seconds between two looks. */
	poll?: number;
	/** Whether we are to blame when it does not come: WaitError (broken) instead of NotProvenError (failed). */
	ours?: boolean;
}

export interface WaitResult<T> {
	value: T;
	/** From the call until it was seen. */
	seconds: number;
}

/**
 * Looks until it is done. `description` completes the sentence "Waited 3.2 s until …".
 * Gives up at once when a look finds it hopeless. An engine that answers with an error of its own (no leader, deadline
 * exceeded) may do better at the next look; whatever else a look throws is thrown as it is.
 * A look that does not return is not waited for beyond the limit.
 * A look that found nothing because a machine did not understand a command is ours, and no look after it would be better.
 * Throws NotProvenError, or WaitError when it is `ours`.
 */
export async function waitUntil<T>(
	description: string,
	look: () => Promise<Look<T>>,
	options: WaitOptions,
): Promise<WaitResult<T>> {
	const {limit, poll = limits.pollInterval, ours = false} = options;
	const started = performance.now();
	const seconds = () => (performance.now() - started) / 1000;
	const starvedBefore = starvedSeconds();
	const left = () => limit - seconds() + starvedSeconds() - starvedBefore;
	const Failure = ours ? WaitError : NotProvenError;
	reportWait(description);
	return runActivity(
		`until ${description}`,
		async (activity, signal) => {
			for (;;) {
				const looked = await withinLimit(detectMisuse(retryingEngineErrors(look)), Math.max(left(), 1), signal);
				if (looked === undefined) {
					throw new Failure(
						description,
						seconds(),
						`${activity.seen ?? 'nothing'} (the last look itself did not return)`,
					);
				}

				const {found, misuse} = looked;
				if (misuse !== undefined && !('done' in found && found.done)) {
					throw new WaitError(description, seconds(), `${misuse}; it is of no use to wait longer`);
				}

				if ('hopeless' in found) {
					throw new Failure(description, seconds(), `${found.hopeless}; it is of no use to wait longer`);
				}

				if (found.done) {
					return {value: found.value, seconds: seconds()};
				}

				activity.seen = found.seen;
				if (left() <= poll) {
					throw new Failure(description, seconds(), found.seen);
				}

				await sleep(poll * 1000, undefined, {signal});
			}
		},
		ours,
	);
}

function retryingEngineErrors<T>(look: () => Promise<Look<T>>): () => Promise<Look<T>> {
	return async () => {
		try {
			return await look();
		} catch (error) {
			if (error instanceof EngineError && error.status >= 500) {
				return {done: false, seen: error.message};
			}

			throw error;
		}
	};
}

async function withinLimit<T>(promise: Promise<T>, seconds: number, signal?: AbortSignal): Promise<T | undefined> {
	const enough = new AbortController();
	const either = signal ? AbortSignal.any([enough.signal, signal]) : enough.signal;
	try {
		return await Promise.race([promise, sleep(seconds * 1000, undefined, {signal: either})]);
	} finally {
		enough.abort();
		// Neither loser may end the process as an unhandled rejection.
		promise.catch(() => {});
	}
}

/** How long something took. */
export async function timed<T>(body: () => Promise<T>): Promise<WaitResult<T>> {
	const started = performance.now();
	const value = await body();
	return {value, seconds: (performance.now() - started) / 1000};
}
