/** Keeps this host's CPUs busy, as other machines on a CI's host do. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import os from 'node:os';

/**
 * The loop ends by itself when the process that started it is gone. It gets the id of that process as an argument: a loop that
 * starts after its parent has ended would take the process that adopted it for its parent.
 */
const loop = `
while (process.ppid === Number(process.argv[1])) {
	for (let count = 0; count < 1e8; count++);
}`;

/** Starts a loop for each CPU. Returns the process ids, and `end`, which kills the loops and waits until they are gone. */
export function keepBusy(loops = os.availableParallelism()): {pids: number[]; end(): Promise<void>} {
	const children = Array.from(
		{length: loops},
		(): ChildProcess => spawn(process.execPath, ['-e', loop, String(process.pid)], {stdio: 'ignore'}),
	);
	return {
		pids: children.flatMap(({pid}) => pid ?? []),
		async end() {
			await Promise.all(
				children.map(async child => {
					if (child.exitCode === null && child.signalCode === null) {
						const gone = once(child, 'exit');
						child.kill('SIGKILL');
						await gone;
					}
				}),
			);
		},
	};
}
