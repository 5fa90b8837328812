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
import {type Decision, decideAdmission} from './admission.ts';
import {type Capacity, hostCapacity, type Need} from './needs.ts';
import {
	heldMemoryByLease,
	type OwnRequest,
	type OwnReservation,
	readEarlierRequests,
	readReservations,
	writeRequest,
	writeReservation,
} from './reservations.ts';

export interface ReservationRequest extends Need {
	/** Who wants it: told to those who wait. */
	cell: string;
}

export interface ReserveOptions {
	signal?: AbortSignal;
	/** Told what it waits for, and again when that is something else. */
	onWait?: (why: string) => void;
	/** Seconds to wait for programs that are none of ours. */
	patienceSeconds?: number;
	/** What this host has. */
	host?: () => Capacity;
}

/** Reservation on this host, until it is given back. */
export interface Reservation {
	/** Its machines were left up on purpose: it counts as long as one of them lives, whatever becomes of this process. */
	keep(pids: readonly number[]): void;
	/** Gives it back, once the machines have ended. May be called again. */
	release(): void;
}

/** Those of this process ask one after the other: meeting another at the lock costs a quarter of a second. */
const admissionQueue = pLimit(1);

/** Tells of room that this process gave back. What others give back is seen at the next look. */
const admissions = new EventEmitter().setMaxListeners(0);

/** Milliseconds between two looks. */
const pollIntervalMs = 1000;

/**
 * Says that this host is too small even when nothing else runs: before anything is built or fetched for the cell.
 * @throws HostError
 */
export function requireLargeEnough(request: ReservationRequest, host: Capacity = hostCapacity()): void {
	const answer = decideAdmission(request, [], {}, host);
	if (answer.state === 'never') {
		throw tooLarge(request, answer);
	}
}

/**
 * Waits until it fits, for as long as other runs hold what it needs.
 * @throws HostError when waiting is hopeless: the host is too small, cells that were left up take its room, or other
 * programs have held it for longer than `patienceSeconds`
 */
export async function reserve(request: ReservationRequest, options: ReserveOptions = {}): Promise<Reservation> {
	const {signal, onWait = () => {}, patienceSeconds = 300, host = hostCapacity} = options;
	let told = '';
	let since: number | undefined;
	let queued: OwnRequest | undefined;
	try {
		for (;;) {
			const answer = await admissionQueue(async () => tryReserve(request, queued, host, signal));
			if ('promise' in answer) {
				return reservationOf(answer.promise);
			}

			if (answer.state === 'never') {
				throw tooLarge(request, answer);
			}

			queued = answer.queued;
			since = answer.until === 'programs' ? (since ?? Date.now()) : undefined;
			if (since !== undefined && Date.now() - since >= patienceSeconds * 1000) {
				throw new HostError(`${request.cell} has waited ${patienceSeconds} s for ${answer.why}.`, {
					remedy: 'End some of them, or ask for fewer or smaller machines (--workers, --memory).',
				});
			}

			// How much is free differs at every look, and is no admissions.
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

type AdmissionAttempt =
	| {promise: OwnReservation}
	| Extract<Decision, {state: 'never'}>
	| (Extract<Decision, {state: 'waits'}> & {queued?: OwnRequest});

/** Looks and promises under one lock: two who look at the same moment would find the same room. */
async function tryReserve(
	request: ReservationRequest,
	queued: OwnRequest | undefined,
	host: () => Capacity,
	signal?: AbortSignal,
): Promise<AdmissionAttempt> {
	const nobodyIsTold = () => {};
	return withLock(paths.ledger, nobodyIsTold, async () => {
		signal?.throwIfAborted();
		const promises = readReservations();
		const earlier = readEarlierRequests(queued?.since ?? Date.now());
		const answer = decideAdmission(request, [...promises, ...earlier], heldMemoryByLease(promises), host());
		if (answer.state === 'fits') {
			return {promise: writeReservation(request)};
		}

		if (answer.state === 'waits' && answer.until === 'runs') {
			return {...answer, queued: queued ?? writeRequest(request)};
		}

		// Nobody waits behind one for whom no run's end makes room.
		queued?.remove();
		return answer;
	});
}

function reservationOf(promise: OwnReservation): Reservation {
	return {
		keep: pids => promise.keep(pids),
		release() {
			promise.remove();
			admissions.emit('room');
		},
	};
}

async function nextLook(signal?: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		const look = () => {
			clearTimeout(timer);
			admissions.off('room', look);
			signal?.removeEventListener('abort', look);
			resolve();
		};
		const timer = setTimeout(look, pollIntervalMs);
		admissions.on('room', look);
		signal?.addEventListener('abort', look);
	});
}

function tooLarge({cell}: ReservationRequest, {why, remedy}: Extract<Decision, {state: 'never'}>): HostError {
	return new HostError(`${cell} does not fit this host: ${why}.`, {remedy});
}
