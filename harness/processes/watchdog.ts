/**
 * A process that runs a user's file may loop for ever. Its parent ends it in time, but a parent can be killed. So each such
 * process watches itself in a thread, which keeps running when the main thread loops.
 */
import {Worker} from 'node:worker_threads';
import {variable} from '../environment.ts';

/** Options of the thread. */
export interface WatchdogOptions {
	/** The process that started this one. */
	parent: number;
	/** How long this process may take; Infinity if only the end of its parent ends it. */
	limitSeconds: number;
}

/**
 * Environment variable with the pid of the process that starts a guarded process. If the parent is killed before the guarded
 * process reads its parent's pid, it would otherwise read the pid of the process that adopted it, and watch that one.
 */
export const parentVariable = 'SWARMLAB_PARENT';

let thread: Worker | undefined;

/**
 * Kills this process, and its group if it leads one, when its parent is gone or the limit (seconds) has passed. Another call
 * begins a new limit.
 */
export function endWithParent(limitSeconds = Number.POSITIVE_INFINITY): void {
	if (thread) {
		thread.postMessage(limitSeconds);
		return;
	}

	const parent = Number(variable(parentVariable)) || process.ppid;
	// The variable is about this process only, not about those that it starts.
	delete process.env[parentVariable];
	const workerData: WatchdogOptions = {parent, limitSeconds};
	// Without the modules that the process preloads: the thread does not need them.
	thread = new Worker(new URL('watchdog-thread.js', import.meta.url), {workerData, execArgv: []});
	// The thread does not keep the process running. If the thread cannot run, that does not end the process.
	thread.unref();
	thread.on('error', () => {});
}
