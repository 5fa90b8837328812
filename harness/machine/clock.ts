/**
 * Whether the clocks of machines run as fast as this host's. The engine and its nodes count their deadlines by the machine's
 * clock (swarmkit: a node is down after three heartbeats that it missed), so a clock that races or creeps makes faults of its own.
 */
import {setTimeout as delay} from 'node:timers/promises';
import type {Machine} from './machine.ts';

/** A machine's clock as it was read once. The reading was made at some moment between the two times of this host. */
export interface ClockReading {
	machineSeconds: number;
	/** Of this host's monotonic clock. */
	askedSeconds: number;
	answeredSeconds: number;
}

/** Seconds of a machine in one second of this host: the truth lies between the two. */
export interface ClockRate {
	machine: string;
	atLeast: number;
	atMost: number;
}

/** How far apart the two readings are. An answer takes a tenth of a second under emulation, which then is 3 percent. */
const apartSeconds = 4;

/**
 * Reads each machine's clock twice, some seconds apart (/proc/uptime, which nobody can set). A machine that does not answer is
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

/** What two readings of one clock prove of its rate. Pure. */
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
