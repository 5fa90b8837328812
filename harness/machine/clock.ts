/**
 * Measures whether the clocks of machines run as fast as this host's. The engine and its nodes measure their deadlines with the
 * machine's clock (swarmkit: a node is down after three missed heartbeats), so a clock that is too fast or slow causes faults.
 */
import {setTimeout as delay} from 'node:timers/promises';
import type {Machine} from './machine.ts';

/** One reading of a machine's clock. It was made at some moment between the two times of this host. */
export interface ClockReading {
	machineSeconds: number;
	/** By this host's monotonic clock, as is `answeredSeconds`. */
	askedSeconds: number;
	answeredSeconds: number;
}

/** Seconds of a machine in one second of this host. The true value is between the two. */
export interface ClockRate {
	machine: string;
	atLeast: number;
	atMost: number;
}

/** Seconds between the two readings. Under emulation an answer takes 0.1 s, which is an error of 3 percent. */
const apartSeconds = 4;

/**
 * Reads each machine's clock twice, some seconds apart (/proc/uptime, which cannot be set). A machine that does not answer is
 * left out. Never throws.
 */
export async function clockRates(machines: readonly Machine[]): Promise<ClockRate[]> {
	const rates = await Promise.all(
		machines.map(async machine => {
			try {
				const first = await readClock(machine);
				await delay(apartSeconds * 1000);
				return [{machine: machine.name, ...rateBetween(first, await readClock(machine))}];
			} catch {
				return [];
			}
		}),
	);
	return rates.flat();
}

/** Returns the limits between which two readings prove the clock's rate to be. Pure. */
export function rateBetween(first: ClockReading, second: ClockReading): Omit<ClockRate, 'machine'> {
	const passed = second.machineSeconds - first.machineSeconds;
	return {
		atLeast: passed / (second.answeredSeconds - first.askedSeconds),
		atMost: passed / Math.max(0.001, second.askedSeconds - first.answeredSeconds),
	};
}

async function readClock(machine: Machine): Promise<ClockReading> {
	const askedSeconds = performance.now() / 1000;
	const uptime = await machine.run('cat /proc/uptime');
	return {machineSeconds: Number(uptime.split(' ')[0]), askedSeconds, answeredSeconds: performance.now() / 1000};
}
