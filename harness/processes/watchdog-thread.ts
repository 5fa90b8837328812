/** The thread that watches its process. It keeps running while the main thread loops for ever. */
import {parentPort, workerData} from 'node:worker_threads';
import type {WatchdogOptions} from './watchdog.ts';

/** Milliseconds between two looks. */
const checkIntervalMs = 200;

const {parent, limitSeconds} = workerData as WatchdogOptions;
let deadline = after(limitSeconds);

parentPort!.on('message', (seconds: number) => {
	deadline = after(seconds);
});

setInterval(() => {
	// The kernel gives a process another parent when its own ends.
	if (process.ppid !== parent || performance.now() > deadline) {
		end();
	}
}, checkIntervalMs);

function after(seconds: number): number {
	return performance.now() + seconds * 1000;
}

/** Kills this process, and its whole group if it leads one, so that what a user's file has started ends too. */
function end(): void {
	for (const target of [-process.pid, process.pid]) {
		try {
			process.kill(target, 'SIGKILL');
		} catch {
			// It leads no group.
		}
	}
}
