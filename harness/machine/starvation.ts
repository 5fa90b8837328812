/**
 * How long machines wanted a CPU of this host and did not get one. Limits are for machines that run: a host that is busy
 * with something else must not turn a slow answer into a failed claim.
 */
import fs from 'node:fs';
import type {MachineHandle} from '../model/index.ts';
import {within} from './activity.ts';

/**
 * Runs `body`; for its limits the time does not count in which these machines were kept waiting for a CPU.
 * @param signal ends what it waits for
 */
export async function patiently<T>(
	handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>,
	body: () => Promise<T>,
	{signal}: {signal: AbortSignal} = new AbortController(),
): Promise<T> {
	return within({signal, starved: watchStarvation(handles)}, body);
}

/** Seconds since now, of the machine that was starved most. Returns a function that tells them. */
export function watchStarvation(handles: ReadonlyArray<Pick<MachineHandle, 'pid'>>): () => number {
	const pids = handles.flatMap(({pid}) => pid ?? []);
	const before = new Map(pids.map(pid => [pid, starved(pid)]));
	return () => Math.max(0, ...pids.map(pid => starved(pid) - (before.get(pid) ?? 0)));
}

/** Run delay of the thread that computes most, a virtual CPU: second field of schedstat, in nanoseconds (kernel, sched-stats). */
function starved(pid: number): number {
	try {
		const threads = fs.readdirSync(`/proc/${pid}/task`).map(thread => {
			const [ran = 0, waited = 0] = fs
				.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
				.split(' ')
				.map(Number);
			return {ran, waited};
		});
		const busiest = threads.sort((a, b) => b.ran - a.ran)[0];
		return (busiest?.waited ?? 0) / 1e9;
	} catch {
		// It ended, or the kernel keeps no such statistics.
		return 0;
	}
}
