/** Faults by hand: a process of its own holds each one, so that it outlives the command that put it in. */
import {spawn} from 'node:child_process';
import {HarnessError, UsageError} from '../../errors.ts';
import type {Fault, FaultStatus} from '../../model/index.ts';
import {modulePath} from '../../package.ts';
import type {Answer} from './messages.ts';

/** What the process is to hold. */
export interface HeldFault {
	/** The control socket of the switch. */
	socket: string;
	fault: Fault;
	by: string;
}

/**
 * Puts a fault in that stays until it is healed, its process is ended, or the switch ends. Throws UsageError if the switch
 * refuses it.
 * @param env environment of the process, which marks it as belonging to a lease
 */
export async function holdFault(held: HeldFault, env: NodeJS.ProcessEnv): Promise<FaultStatus> {
	const child = spawn(process.execPath, [modulePath(import.meta.dirname, 'hold-process'), JSON.stringify(held)], {
		detached: true,
		stdio: ['ignore', 'pipe', 'ignore'],
		env,
	});
	const line = await new Promise<string>((resolve, reject) => {
		let said = '';
		child.once('error', reject);
		child.stdout.on('data', chunk => {
			said += String(chunk);
			if (said.includes('\n')) {
				resolve(said);
			}
		});
		child.once('exit', code => {
			reject(new HarnessError(`The process that was to hold the fault ended with ${code}`));
		});
	});
	child.stdout.destroy();
	child.removeAllListeners();
	child.unref();
	const answer = JSON.parse(line) as Answer;
	if ('error' in answer) {
		throw new UsageError(answer.error, {remedy: answer.remedy});
	}

	return answer.ok as FaultStatus;
}
