/**
 * Measures how long machines waited for a CPU of this host. This time does not count against limits: a host that is busy with
 * other work must not turn a slow answer into a failed claim.
 */
import fs from 'node:fs';
import type {MachineHandle} from '../model/index.ts';
import {runInScope} from './activity.ts';

/**
 * Runs `body`. Time for which these machines waited for a CPU does not count against the limits in it.
 * @param signal ends the waits in `body`
 */
export async function excludingStarvation<T>(
	handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>,
	body: () => Promise<T>,
	{signal}: {signal: AbortSignal} = new AbortController(),
): Promise<T> {
	return runInScope({signal, starved: watchStarvation(handles)}, body);
}

/** The time that a machine ran on this host's CPUs or waited for one. */
export interface CpuTime {
	ranSeconds: number;
	/** Seconds for which it was ready to run and had no CPU. */
	waitedSeconds: number;
}

/** Returns a function that returns the seconds since this call for which the most starved machine waited for a CPU. */
export function watchStarvation(handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>): () => number {
	const cpuTime = watchCpuTime(handles);
	return () => cpuTime().waitedSeconds;
}

/** Does the same as `watchStarvation`, and adds the time that this machine ran. */
export function watchCpuTime(handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>): () => CpuTime {
	const pids = handles.flatMap(({pid}) => pid ?? []);
	const before = new Map(pids.map(pid => [pid, cpuTimeOf(pid)]));
	return () => {
		const since = pids.map(pid => {
			const [now, then] = [cpuTimeOf(pid), before.get(pid)!];
			return {
				ranSeconds: Math.max(0, now.ranSeconds - then.ranSeconds),
				waitedSeconds: Math.max(0, now.waitedSeconds - then.waitedSeconds),
			};
		});
		return since.sort((a, b) => b.waitedSeconds - a.waitedSeconds)[0] ?? {ranSeconds: 0, waitedSeconds: 0};
	};
}

/**
 * Returns the CPU time of the thread that ran most, which is a virtual CPU: the first two fields of schedstat, time on a CPU
 * and run delay, in nanoseconds (kernel, sched-stats).
 */
function cpuTimeOf(pid: number): CpuTime {
	try {
		const threads = fs.readdirSync(`/proc/${pid}/task`).map(thread => {
			const [ran = 0, waited = 0] = fs
				.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
				.split(' ')
				.map(Number);
			return {ranSeconds: ran / 1e9, waitedSeconds: waited / 1e9};
		});
		return threads.sort((a, b) => b.ranSeconds - a.ranSeconds)[0] ?? {ranSeconds: 0, waitedSeconds: 0};
	} catch {
		// The process ended, or the kernel keeps no such statistics.
		return {ranSeconds: 0, waitedSeconds: 0};
	}
}
