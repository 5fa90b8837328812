/** The thread that watches over its process. It runs on while the main thread loops for ever. */
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
	// A process without its parent is given another one.
	if (process.ppid !== parent || performance.now() > deadline) {
		end();
	}
}, checkIntervalMs);

function after(seconds: number): number {
	return performance.now() + seconds * 1000;
}

/** With the whole group, where this process leads one: what a user's file has started goes, too. */
function end(): void {
	for (const target of [-process.pid, process.pid]) {
		try {
			process.kill(target, 'SIGKILL');
		} catch {
			// It leads no group.
		}
	}
}
