/**
 * Reserves memory and CPUs of this host for swarms before their machines start. All runs of one user share the host. What
 * becomes free goes to the run that has waited longest, so that a run with many swarms does not keep another one out.
 * Within a run a smaller swarm may pass a larger one.
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
	/** The cell that asks. Messages to other cells that wait name it. */
	cell: string;
}

export interface ReserveOptions {
	signal?: AbortSignal;
	/** Receives what the request waits for, and again when that changes. */
	onWait?: (why: string) => void;
	/** Seconds to wait for programs that are not ours. */
	patienceSeconds?: number;
	/** Returns what this host has. */
	host?: () => Capacity;
}

/** A reservation on this host, until it is released. */
export interface Reservation {
	/** Its machines were left up on purpose: it counts as long as one of them lives, even if this process ends. */
	keep(pids: readonly number[]): void;
	/** Releases it. Call it when the machines have ended; it may be called again. */
	release(): void;
}

/** Requests of this process are tried one after the other: to wait for the lock costs a quarter of a second. */
const admissionQueue = pLimit(1);

/** Emits `room` when this process releases a reservation. The next look finds what other processes release. */
const admissions = new EventEmitter().setMaxListeners(0);

/** Milliseconds between two looks. */
const pollIntervalMs = 1000;

/**
 * Throws HostError if this host is too small even when nothing else runs. Call it before anything is built or fetched for
 * the cell.
 */
export function requireLargeEnough(request: ReservationRequest, host: Capacity = hostCapacity()): void {
	const answer = decideAdmission(request, [], {}, host);
	if (answer.state === 'never') {
		throw tooLarge(request, answer);
	}
}

/**
 * Reserves memory and CPUs for a cell. Waits as long as other runs hold what the cell needs.
 * @throws HostError if waiting does not help: the host is too small, cells that were left up take its room, or other
 * programs have held it for longer than `patienceSeconds`
 */
export async function reserve(request: ReservationRequest, options: ReserveOptions = {}): Promise<Reservation> {
	const {signal, onWait = () => {}, patienceSeconds = 300, host = hostCapacity} = options;
	let reported = '';
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

			// The free memory differs at every look; that is not a change to report.
			const gist = answer.why.replaceAll(/\d+ MiB/g, '');
			if (gist !== reported) {
				reported = gist;
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

/** Checks and reserves under one lock: two processes that check at the same moment would find the same room. */
async function tryReserve(
	request: ReservationRequest,
	queued: OwnRequest | undefined,
	host: () => Capacity,
	signal?: AbortSignal,
): Promise<AdmissionAttempt> {
	const ignoreWait = () => {};
	return withLock(paths.ledger, ignoreWait, async () => {
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

		// The end of a run makes no room for this request, so other requests do not wait behind it.
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
