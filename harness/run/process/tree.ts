/** Ends a process that leads its own group, and everything in the group. */
import {setTimeout as sleep} from 'node:timers/promises';
import {limits} from '../../limits.ts';

/** Sends SIGTERM, then SIGKILL after `limits.processStop`. Never throws; returns when the group is gone, or 2 s after SIGKILL. */
export async function endTree(leader: number): Promise<void> {
	for (const [signal, seconds] of [
		['SIGTERM', limits.processStop],
		['SIGKILL', 2],
	] as const) {
		const end = performance.now() + seconds * 1000;
		if (!send(leader, signal)) {
			return;
		}

		while (performance.now() < end) {
			await sleep(20);
			if (!send(leader, 0)) {
				return;
			}
		}
	}
}

function send(leader: number, signal: NodeJS.Signals | 0): boolean {
	try {
		process.kill(-leader, signal);
		return true;
	} catch {
		return false;
	}
}
