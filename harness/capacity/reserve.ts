/**
 * Memory and CPUs of this host, promised to swarms before their machines start. All runs of one user share it; what becomes
 * free goes to the run that has waited longest, so that none with many swarms keeps another one out. Within a run a
 * smaller swarm may pass a larger one.
 */
import {EventEmitter} from 'node:events';
import pLimit from 'p-limit';
import {HostError} from '../errors.ts';
import * as paths from '../paths.ts';
import {withLock} from '../store/lock.ts';
import {type Answer, fits} from './admission.ts';
import {type Capacity, hostCapacity, type Need} from './needs.ts';
import {
	type OwnPromise,
	type OwnWish,
	readEarlierWishes,
	readPromises,
	touchedBy,
	writePromise,
	writeWish,
} from './reservations.ts';

export interface Wish extends Need {
	/** Who wants it: told to those who wait. */
	cell: string;
}

export interface WishOptions {
	signal?: AbortSignal;
	/** Told what it waits for, and again when that is something else. */
	onWait?: (why: string) => void;
	/** Seconds to wait for programs that are none of ours. */
	patience?: number;
	/** What this host has. */
	host?: () => Capacity;
}

/** Room on this host, until it is given back. */
export interface Room {
	/** Its machines were left up on purpose: it counts as long as one of them lives, whatever becomes of this process. */
	keep(pids: readonly number[]): void;
	/** Gives it back, once the machines have ended. May be called again. */
	release(): void;
}

/** Those of this process ask one after the other: meeting another at the lock costs a quarter of a second. */
const line = pLimit(1);

/** Tells of room that this process gave back. What others give back is seen at the next look. */
const news = new EventEmitter().setMaxListeners(0);

/** Milliseconds between two looks. */
const interval = 1000;

/**
 * Says that this host is too small even when nothing else runs: before anything is built or fetched for the cell.
 * @throws HostError
 */
export function requireLargeEnough(wish: Wish, host: Capacity = hostCapacity()): void {
	const answer = fits(wish, [], {}, host);
	if (answer.state === 'never') {
		throw tooLarge(wish, answer);
	}
}

/**
 * Waits until it fits, for as long as other runs hold what it needs.
 * @throws HostError when waiting is hopeless: the host is too small, cells that were left up take its room, or other
 * programs have held it for longer than `patience`
 */
export async function promiseRoom(wish: Wish, options: WishOptions = {}): Promise<Room> {
	const {signal, onWait = () => {}, patience = 300, host = hostCapacity} = options;
	let told = '';
	let since: number | undefined;
	let queued: OwnWish | undefined;
	try {
		for (;;) {
			const answer = await line(async () => ask(wish, queued, host, signal));
			if ('promise' in answer) {
				return roomOf(answer.promise);
			}

			if (answer.state === 'never') {
				throw tooLarge(wish, answer);
			}

			queued = answer.queued;
			since = answer.until === 'programs' ? (since ?? Date.now()) : undefined;
			if (since !== undefined && Date.now() - since >= patience * 1000) {
				throw new HostError(`${wish.cell} has waited ${patience} s for ${answer.why}.`, {
					remedy: 'End some of them, or ask for fewer or smaller machines (--workers, --memory).',
				});
			}

			// How much is free differs at every look, and is no news.
			const gist = answer.why.replaceAll(/\d+ MiB/g, '');
			if (gist !== told) {
				told = gist;
				onWait(answer.why);
			}

			await nextLook(signal);
		}
	} finally {
		queued?.remove();
	}
}

type Asked =
	| {promise: OwnPromise}
	| Extract<Answer, {state: 'never'}>
	| (Extract<Answer, {state: 'waits'}> & {queued?: OwnWish});

/** Looks and promises under one lock: two who look at the same moment would find the same room. */
async function ask(
	wish: Wish,
	queued: OwnWish | undefined,
	host: () => Capacity,
	signal?: AbortSignal,
): Promise<Asked> {
	const nobodyIsTold = () => {};
	return withLock(paths.ledger, nobodyIsTold, async () => {
		signal?.throwIfAborted();
		const promises = readPromises();
		const earlier = readEarlierWishes(queued?.since ?? Date.now());
		const answer = fits(wish, [...promises, ...earlier], touchedBy(promises), host());
		if (answer.state === 'fits') {
			return {promise: writePromise(wish)};
		}

		if (answer.state === 'waits' && answer.until === 'runs') {
			return {...answer, queued: queued ?? writeWish(wish)};
		}

		// Nobody waits behind one for whom no run's end makes room.
		queued?.remove();
		return answer;
	});
}

function roomOf(promise: OwnPromise): Room {
	return {
		keep: pids => promise.keep(pids),
		release() {
			promise.remove();
			news.emit('room');
		},
	};
}

async function nextLook(signal?: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		const look = () => {
			clearTimeout(timer);
			news.off('room', look);
			signal?.removeEventListener('abort', look);
			resolve();
		};
		const timer = setTimeout(look, interval);
		news.on('room', look);
		signal?.addEventListener('abort', look);
	});
}

function tooLarge({cell}: Wish, {why, remedy}: Extract<Answer, {state: 'never'}>): HostError {
	return new HostError(`${cell} does not fit this host: ${why}.`, {remedy});
}
