/** Watches the machines of a cell while its scenarios run. Reports each trouble once. */
import {setTimeout as delay} from 'node:timers/promises';
import {limits} from '../limits.ts';
import type {MachinesUp} from '../providers/provider.ts';

/**
 * Checks the machines every `limits.watchInterval` seconds and calls `report` with each new trouble, until `end()`.
 * @param away returns names of machines whose power a scenario has cut: that is no trouble
 */
export function watchMachines(
	up: Pick<MachinesUp, 'troubles'>,
	report: (trouble: string) => void,
	away: () => readonly string[] = () => [],
): {end(): Promise<void>} {
	const reported = new Set<string>();
	const ended = new AbortController();
	const look = async () => {
		const before = away();
		for (const trouble of await up.troubles()) {
			const isExpected = [...before, ...away()].some(name => new RegExp(`^${name}\\b`).test(trouble));
			if (!isExpected && !reported.has(trouble)) {
				reported.add(trouble);
				report(trouble);
			}
		}
	};

	const watching = (async () => {
		while (!ended.signal.aborted) {
			await delay(limits.watchInterval * 1000, undefined, {signal: ended.signal}).catch(() => undefined);
			await look();
		}
	})();
	return {
		async end() {
			ended.abort();
			await watching;
		},
	};
}
