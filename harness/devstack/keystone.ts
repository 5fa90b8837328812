/** Whether the cloud on a machine answers: to be asked after a restore, before anything is proven on it. */
import {limits} from '../limits.ts';
import {type Machine, quote, waitUntil} from '../machine/index.ts';

/**
 * Waits until Keystone answers over HTTP, whatever it answers, without a proxy in between; on a stack that told no Keystone
 * the machine itself will do. Returns the seconds. Throws WaitError: what is restored and dead is the lab's.
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
