/** Checks after a restore that the cloud on a machine answers, before scenarios use it. */
import {limits} from '../limits.ts';
import {type Machine, quote, waitUntil} from '../machine/index.ts';

/**
 * Waits until Keystone answers over HTTP, with any status, without a proxy in between. If the stack reported no Keystone, an
 * answer of the machine itself is enough. Returns the seconds. Throws WaitError: a restored cloud that does not answer is a
 * fault of the lab.
 */
export async function waitForKeystone(machine: Machine, keystone: string | undefined): Promise<number> {
	const url = keystone && quote(keystone);
	const command = url ? `curl --silent --output /dev/null --max-time 20 --noproxy '*' ${url}` : 'true';
	const {seconds} = await waitUntil(
		keystone ? `Keystone answers at ${keystone}` : `${machine.name} answers`,
		async () => {
			const {exitCode, stderr} = await machine.exec(command);
			return exitCode === 0
				? {done: true, value: undefined}
				: {done: false, seen: `curl ended with ${exitCode} ${stderr}`.trim()};
		},
		{limit: limits.keystoneAnswer, ours: true},
	);
	return seconds;
}
