/** Builds artifacts of cells in a process of its own, beside a run: so the next run finds them in the cache. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as delay} from 'node:timers/promises';
import type {openHostPackages} from '../artifacts/packages/packages.ts';
import {leaseVariable} from '../environment.ts';
import {limits} from '../limits.ts';
import type {Cell} from '../model/index.ts';
import {modulePath} from '../package.ts';
import {endProcesses, identify} from '../processes/processes.ts';

/** Settings of packages, as a config gives them. */
type PackageSettings = Parameters<typeof openHostPackages>[0];

/** What the process reads from its input. */
export interface BuildRequest {
	cells: readonly Cell[];
	packages?: PackageSettings;
}

/**
 * Starts it. What it builds, a run that needs the same waits for. Returns a function that ends it.
 * The process has a lease of its own: one of this process would end it together with the run.
 */
export function buildBeside(cells: readonly Cell[], packages?: PackageSettings): () => Promise<void> {
	const child = spawn(process.execPath, [modulePath(import.meta.dirname, 'build-process')], {
		stdio: ['pipe', 'ignore', 'ignore'],
		detached: true,
		env: {...process.env, [leaseVariable]: undefined},
	});
	const ended = once(child, 'exit').catch(() => undefined);
	child.stdin.on('error', () => {});
	// Its input stays open: when it closes, this process has ended, and the other one ends, too.
	child.stdin.write(`${JSON.stringify({cells, packages} satisfies BuildRequest)}\n`);
	child.unref();
	return async () => {
		if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
			const identity = identify(child.pid);
			// From here on this process waits for it.
			child.ref();
			child.kill('SIGTERM');
			const late = new AbortController();
			await Promise.race([
				ended,
				delay(2 * limits.processStop * 1000, undefined, {signal: late.signal}).catch(() => undefined),
			]);
			late.abort();
			await endProcesses(identity ? [identity] : [], limits.processStop);
		}
	};
}
