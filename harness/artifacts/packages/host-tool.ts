/** Programs of this host that packages are handled with. One that is missing is told as this host's lack, with the way out. */
import {execa} from 'execa';
import {HostError} from '../../errors.ts';

/**
 * Runs a program to its end, however that comes out; the output is the caller's to judge.
 * @throws HostError when there is no such program
 */
export async function runTool(
	command: string,
	args: readonly string[],
	options: {env?: Record<string, string>; timeoutMs?: number} = {},
) {
	const result = await execa(command, args, {stdin: 'ignore', ...options, reject: false});
	if (isMissing(result)) {
		throw missingTool(command);
	}

	return result;
}

/** What to throw for a program that could not be started as it is not there. */
export function missingTool(command: string): HostError {
	return new HostError(`${command} is not on this host, or not in a folder of its PATH.`, {
		remedy: 'swarmlab doctor --fix',
	});
}

/** Whether a failure of execa is that of a program that is not there. */
export function isMissing(error: unknown): boolean {
	const {code, exitCode} = (error ?? {}) as {code?: string; exitCode?: number};
	return code === 'ENOENT' && exitCode === undefined;
}
