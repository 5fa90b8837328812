/** Runs the host's programs for packages. A missing program is a HostError with a remedy. */
import {HostError} from '../../errors.ts';

/**
 * Runs a program and returns its result, also when it fails. The caller checks the result.
 * @throws HostError when the program does not exist
 */
export async function runTool(
	command: string,
	args: readonly string[],
	options: {env?: Record<string, string>; timeoutMs?: number} = {},
) {
	const {execa} = await import('execa');
	const result = await execa(command, args, {stdin: 'ignore', ...options, reject: false});
	if (isMissing(result)) {
		throw missingTool(command);
	}

	return result;
}

/** Returns the error for a program that does not exist. */
export function missingTool(command: string): HostError {
	return new HostError(`${command} is not on this host, or not in a folder of its PATH.`, {
		remedy: 'swarmlab doctor --fix',
	});
}

/** Whether execa failed because the program does not exist. */
export function isMissing(error: unknown): boolean {
	const {code, exitCode} = (error ?? {}) as {code?: string; exitCode?: number};
	return code === 'ENOENT' && exitCode === undefined;
}
