/** What a fault does to the frames that it is about. Pure: the caller has the clock. */
import type {FaultAction} from '../../model/index.ts';
import {randomOf} from './random.ts';

/** A frame that is to be delivered at a time, in milliseconds of the caller's clock. */
export interface Delivery {
	frame: Buffer;
	atMs: number;
}

/** Takes one frame and returns what becomes of it: nothing, itself, or others. */
export type Act = (delivery: Delivery) => Delivery[];

/** Bytes that wait in front of a slow link, unless the fault says otherwise: about 43 frames of full size. */
const defaultQueueBytes = 64 * 1024;

/** Returns the function that carries out an action. It has the state of one fault: its random numbers, its queue. */
export function actOf(action: FaultAction): Act {
	const random = randomOf('seed' in action ? (action.seed ?? 1) : 1);
	switch (action.do) {
		case 'drop':
			return () => [];
		case 'lose':
			return delivery => (hits(random, action.percent) ? [] : [delivery]);
		case 'delay': {
			const {ms, jitterMs = 0} = action;
			return ({frame, atMs}) => [{frame, atMs: atMs + Math.max(0, ms + (random() * 2 - 1) * jitterMs)}];
		}
		case 'rate':
			return slowLink(action.kbitPerSecond, action.queueBytes ?? defaultQueueBytes);
		case 'duplicate':
			return delivery => (hits(random, action.percent) ? [delivery, delivery] : [delivery]);
		case 'reorder':
			return ({frame, atMs}) => [{frame, atMs: hits(random, action.percent) ? atMs + action.ms : atMs}];
		case 'corrupt':
			return delivery => [
				hits(random, action.percent) ? {...delivery, frame: corrupt(delivery.frame, random)} : delivery,
			];
	}
}

function hits(random: () => number, percent: number): boolean {
	return random() * 100 < percent;
}

function slowLink(kbitPerSecond: number, queueBytes: number): Act {
	let freeAtMs = 0;
	return ({frame, atMs}) => {
		// 1 kbit/s is 1 bit per millisecond.
		const waiting = (Math.max(0, freeAtMs - atMs) * kbitPerSecond) / 8;
		if (waiting + frame.length > queueBytes && waiting > 0) {
			return [];
		}

		freeAtMs = Math.max(freeAtMs, atMs) + (frame.length * 8) / kbitPerSecond;
		return [{frame, atMs: freeAtMs}];
	};
}

/** Inverts a bit after the Ethernet header, so that the frame still finds its way. */
function corrupt(frame: Buffer, random: () => number): Buffer {
	const copy = Buffer.from(frame);
	const at = Math.min(copy.length - 1, 14 + Math.floor(random() * (copy.length - 14)));
	copy[at]! ^= 1 << Math.floor(random() * 8);
	return copy;
}
