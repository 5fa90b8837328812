/** Waits with a description and a limit; the error has what was seen last. Other code must not wait with bare sleeps. */
import {setTimeout as sleep} from 'node:timers/promises';
import {EngineError, NotProvenError, WaitError} from '../errors.ts';
import {limits} from '../limits.ts';
import {reportWait, runActivity, starvedSeconds} from './activity.ts';
import {detectMisuse} from './misuse.ts';

/** What a look found. `hopeless` is the reason why it can never be done. */
export type Look<T> = {done: true; value: T} | {done: false; seen: string} | {hopeless: string};

export interface WaitOptions {
	/** Seconds. Time for which the machines had no CPU of the host does not count. */
	limit: number;
	/** Seconds between two looks; `limits.pollInterval` by default. */
	poll?: number;
	/** Whether the lab is to blame if the wait fails: it throws WaitError (broken) instead of NotProvenError (failed). */
	ours?: boolean;
}

export interface WaitResult<T> {
	value: T;
	/** Seconds from the call until the look was done. */
	seconds: number;
}

/**
 * Calls `look` until it is done. `description` completes the sentence "Waited 3.2 s until …".
 * Throws NotProvenError at the limit, or WaitError if `ours` is set; it does so at once when a look is hopeless.
 * If an engine answers with an error of its own (status 500 or above: no leader, deadline exceeded), it looks again. It throws
 * any other error of a look unchanged.
 * It does not wait beyond the limit for a look that does not return.
 * If a look is not done and a machine did not understand a command in it, it throws WaitError at once, because the lab is to
 * blame and no later look would succeed.
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

/** Runs `body` and returns its value and the seconds that it took. */
export async function timed<T>(body: () => Promise<T>): Promise<WaitResult<T>> {
	const started = performance.now();
	const value = await body();
	return {value, seconds: (performance.now() - started) / 1000};
}
