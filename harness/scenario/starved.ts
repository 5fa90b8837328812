/** Decides whether the host left machines without CPU time for so long that a refuted claim says nothing of the product. Pure. */
import {type CpuHistory, type CpuStretch, stretchBetween, worstStretch} from '../machine/index.ts';

/**
 * The product's deadlines go by the clock: memberlist gives a suspect 4 s to answer, swarmkit takes a node for down after 15 s
 * without a heartbeat. A machine that had no CPU for so many seconds can have missed them, whatever was asked of it.
 */
const leastSeconds = 10;

/**
 * A claim of minutes hangs on one deadline. One of an hour (stack.sh) does not hang on ten seconds of it: there the stretch is
 * this part of the claim.
 */
const leastPart = 1 / 20;

/**
 * Part of the stretch for which the machine was ready and had no CPU. Seen on 2 CPUs: up to 0.80 at loads of 10 to 14, and 0.90
 * where a claim was refuted for nothing else. Seven nodes with both CPUs kept busy wait for 0.78 of the time. How much of what
 * it asked for a machine got does not tell: an idle one that waits for 0.13 of the time got 0.06 of it, as it asks for little.
 */
const mostWaiting = 0.85;

/** A machine, and the stretch of a claim in which it was starved. */
export interface Starved extends CpuStretch {
	machine: string;
}

/** Returns the machine that was starved most while the claim was tried; undefined if none was. */
export function starvedMachine(histories: readonly CpuHistory[]): Starved | undefined {
	return histories
		.flatMap(({machine, samples}) => {
			const {seconds} = stretchBetween(samples[0]!, samples.at(-1)!);
			const worst = worstStretch(samples, Math.max(leastSeconds, seconds * leastPart));
			return worst && worst.waitedSeconds > mostWaiting * worst.seconds ? [{machine, ...worst}] : [];
		})
		.sort((a, b) => b.waitedSeconds / b.seconds - a.waitedSeconds / a.seconds)[0];
}
