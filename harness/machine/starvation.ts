/**
 * How long machines wanted a CPU of this host and did not get one. Limits are for machines that run: a host that is busy
 * with something else must not turn a slow answer into a failed claim.
 */
import fs from 'node:fs';
import type {MachineHandle} from '../model/index.ts';
import {runInScope} from './activity.ts';

/**
 * Runs `body`; for its limits the time does not count in which these machines were kept waiting for a CPU.
 * @param signal ends what it waits for
 */
export async function excludingStarvation<T>(
	handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>,
	body: () => Promise<T>,
	{signal}: {signal: AbortSignal} = new AbortController(),
): Promise<T> {
	return runInScope({signal, starved: watchStarvation(handles)}, body);
}

/** What a machine had of this host's CPUs. */
export interface CpuTime {
	ranSeconds: number;
	/** It wanted a CPU and did not get one. */
	waitedSeconds: number;
}

/** Returns a function that tells the seconds since now that the machine waited for a CPU which waited longest. */
export function watchStarvation(handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>): () => number {
	const cpuTime = watchCpuTime(handles);
	return () => cpuTime().waitedSeconds;
}

/** The same, with the time that this machine ran. */
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
 * Of the thread that computes most, a virtual CPU: time on a CPU and run delay, the first two fields of schedstat, in
 * nanoseconds (kernel, sched-stats).
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
		// It ended, or the kernel keeps no such statistics.
		return {ranSeconds: 0, waitedSeconds: 0};
	}
}
