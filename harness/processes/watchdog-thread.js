/**
 * The thread that watches its process. It keeps running while the main thread loops for ever. It is JavaScript: Node removes types by
 * WebAssembly, and Node 24 may crash when two threads of a process run WebAssembly.
 */
import {parentPort, workerData} from 'node:worker_threads';

/** Milliseconds between two looks. */
const checkIntervalMs = 200;

/** @type {import('./watchdog.ts').WatchdogOptions} */
const {parent, limitSeconds} = workerData;
let deadline = after(limitSeconds);

parentPort?.on('message', seconds => {
	deadline = after(seconds);
});

setInterval(() => {
	// The kernel gives a process another parent when its own ends.
	if (process.ppid !== parent || performance.now() > deadline) {
		end();
	}
}, checkIntervalMs);

/**
 * @param {number} seconds
 * @returns {number}
 */
function after(seconds) {
	return performance.now() + seconds * 1000;
}

/** Kills this process, and its whole group if it leads one, so that what a user's file has started ends too. */
function end() {
	for (const target of [-process.pid, process.pid]) {
		try {
			process.kill(target, 'SIGKILL');
		} catch {
			// It leads no group.
		}
	}
}
