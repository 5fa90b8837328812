/** Ctrl-C and similar signals: the first ends the run in order, the second at once. */
import {asTyped} from '../called.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit code after the second signal. `swarmlab gc` removes what such a run leaves. */
const forcedExitCode = 2;

export interface Interrupt {
	signal: AbortSignal;
	/** Does what the first signal of this name does; nothing if there was one. */
	end(signal: string): void;
	/** Ends the run in order for another reason than a signal. */
	abort(reason: unknown): void;
	/** Restores the default behaviour of the signals. */
	stop(): void;
}

/** Listens for SIGINT, SIGTERM and SIGHUP. Calls `report` with the first one and aborts `signal`; exits at the second. */
export function onInterrupt(report: (signal: string) => void): Interrupt {
	const controller = new AbortController();
	const end = (signal: string) => {
		if (!controller.signal.aborted) {
			report(signal);
			controller.abort(new Error(`The run was interrupted by ${signal}`));
		}
	};
	const listener = (signal: NodeJS.Signals) => {
		if (controller.signal.aborted) {
			// A terminal that closes sends SIGHUP to this process, and swarmlab.js passes its own on: the second one is no order to end at once.
			if (signal === 'SIGHUP') {
				return;
			}

			process.stderr.write(asTyped('\nEnding at once. What is left goes with: swarmlab gc\n'));
			process.exit(forcedExitCode);
		}

		end(signal);
	};

	for (const name of signals) {
		process.on(name, listener);
	}

	return {
		signal: controller.signal,
		end,
		abort(reason) {
			controller.abort(reason);
		},
		stop() {
			for (const name of signals) {
				process.off(name, listener);
			}
		},
	};
}

/** Returns the result of `work`, or throws when the run is interrupted: builders take minutes, and end with the run's lease. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	signal.throwIfAborted();
	work.catch(() => undefined);
	return Promise.race([
		work,
		new Promise<never>((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason), {once: true});
		}),
	]);
}
