/** The UDP port of a swarm's VXLAN: `docker swarm init --data-path-port` moves it. */
import type {MachineHandle} from '../model/index.ts';
import {askEngine} from './ask-engine.ts';

/** Asks a manager. Returns undefined if none answers, or none knows: then it is the usual one. Never throws. */
export async function readDataPathPort(
	machines: readonly Pick<MachineHandle, 'role' | 'engine'>[],
	signal?: AbortSignal,
): Promise<number | undefined> {
	for (const machine of machines.filter(({role}) => role === 'manager')) {
		const {parts, silent} = await askEngine(machine, [{name: 'info', paths: ['/info']}], signal);
		if (!silent) {
			return dataPathPortOf(parts[0]!.text);
		}
	}

	return undefined;
}

/** Returns the port of the answer to `/info`. Engines before 19.03 know none, and a worker is told none. Pure. */
export function dataPathPortOf(info: string): number | undefined {
	try {
		const port: unknown = JSON.parse(info)?.Swarm?.Cluster?.DataPathPort;
		return typeof port === 'number' && port > 0 ? port : undefined;
	} catch {
		return undefined;
	}
}
