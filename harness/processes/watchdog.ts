/**
 * A process that runs a user's file may loop for ever. Its parent ends it in time, but a parent can be killed. So each such
 * process watches over itself, in a thread that no loop of the main thread stops.
 */
import {Worker} from 'node:worker_threads';
import {variable} from '../environment.ts';

/** What the thread is told. */
export interface WatchdogOptions {
	/** The process that started this one. */
	parent: number;
	/** How long this process may take; Infinity for one that only its parent's end concerns. */
	limitSeconds: number;
}

/**
 * Environment variable with the pid of the process that starts one which is guarded. Without it a process whose parent was
 * killed before it came to ask would take the one that adopted it for its parent, and watch over that.
 */
export const parentVariable = 'SWARMLAB_PARENT';

let thread: Worker | undefined;

/**
 * Kills this process, and its group where it leads one, once its parent is gone or the limit has passed. Called again, it
 * begins a new limit.
 */
export function endWithParent(limitSeconds = Number.POSITIVE_INFINITY): void {
	if (thread) {
		thread.postMessage(limitSeconds);
		return;
	}

	const parent = Number(variable(parentVariable)) || process.ppid;
	// It is said of this process, and of none that it starts.
	delete process.env[parentVariable];
	const workerData: WatchdogOptions = {parent, limitSeconds};
	// Without what the process itself preloads: the thread needs none of it.
	thread = new Worker(new URL('watchdog-thread.ts', import.meta.url), {workerData, execArgv: []});
	// It neither keeps the process nor, where it cannot run, ends it.
	thread.unref();
	thread.on('error', () => {});
}
