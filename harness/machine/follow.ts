/** Runs a command and reads its output while it runs: for hours, and gigabytes of it, in bounded memory. */
import {once} from 'node:events';
import {CommandError} from '../errors.ts';
import {runActivity} from './activity.ts';
import type {Machine} from './machine.ts';
import {quote} from './quote.ts';
import {watchStarvation} from './starvation.ts';
import {transportTo} from './transport.ts';

/** Time limit of the command that ends another one. */
const endPatienceMs = 30_000;

export interface FollowOptions {
	/** Seconds after which the command and all that it started are ended. Time without a CPU of the host does not count. */
	limit: number;
	/** Receives standard output and error as they come, in pieces of any length. */
	onOutput(bytes: Buffer): void;
	/** Ends the command. */
	signal?: AbortSignal;
}

export interface FollowResult {
	/** Undefined if the limit or the signal ended the command. */
	exitCode: number | undefined;
	seconds: number;
}

/**
 * Runs a shell command line on a machine. The command leads a session of its own there, so that all its processes can be
 * ended: when ssh ends, they would continue. Throws CommandError if the connection to the machine is lost.
 */
export async function follow(
	machine: Machine,
	line: string,
	{limit, onOutput, signal}: FollowOptions,
): Promise<FollowResult> {
	const log = `/var/tmp/swarmlab-${process.pid}-${Math.random().toString(36).slice(2)}.log`;
	// Output goes through a file: a daemon that the command leaves behind keeps its output open, and ssh would wait forever.
	const remote = [
		`: > ${log}`,
		`setsid bash -c ${quote(`echo $$ > ${log}.pid; ${line}`)} < /dev/null >> ${log} 2>&1 & leader=$!`,
		`tail -n +1 -s 0.2 -f --pid=$leader ${log}`,
		// ssh itself ends with 255 if the connection was lost.
		'wait $leader; code=$?; [ $code -ne 255 ] || code=254',
		`rm -f ${log} ${log}.pid`,
		'exit $code',
	].join('\n');
	return runActivity(`${machine.name}: ${line}`, async (_, scope) => {
		const start = performance.now();
		const child = machine.start(remote);
		let said = '';
		child.stdout.on('data', onOutput);
		child.stderr.on('data', (bytes: Buffer) => {
			said = `${said}${bytes.toString()}`.slice(-2000);
		});
		let ended = false;
		const end = async () => {
			ended = true;
			const kill = (name: string) => `kill -${name} -- -"$(cat ${log}.pid)"`;
			const line = `${kill('TERM')}; sleep 2; ${kill('KILL')}; rm -f ${log} ${log}.pid`;
			// Not with `machine.exec`: the scope around this call may have ended.
			await transportTo(machine.handle).exec(line, {timeoutMs: endPatienceMs});
			child.kill('SIGKILL');
		};

		const endNow = () => void end();
		// A machine without a CPU of a busy host is not slow: time that it waited does not count.
		const starved = watchStarvation([machine.handle]);
		const timer = setInterval(() => {
			if ((performance.now() - start) / 1000 - starved() > limit) {
				clearInterval(timer);
				endNow();
			}
		}, 1000);
		const signals = [signal, scope].filter(each => each !== undefined);
		for (const each of signals) {
			each.addEventListener('abort', endNow, {once: true});
		}

		if (signals.some(({aborted}) => aborted)) {
			endNow();
		}

		try {
			const [code] = (await once(child, 'close')) as [number | null];
			if (!ended && (code === null || code === 255)) {
				throw new CommandError(`${machine.name}: the connection was lost while it ran ${line}: ${said.trim()}`, {
					output: said,
				});
			}

			return {exitCode: ended ? undefined : (code ?? undefined), seconds: (performance.now() - start) / 1000};
		} finally {
			clearInterval(timer);
			for (const each of signals) {
				each.removeEventListener('abort', endNow);
			}
		}
	});
}
