/** Troubles of a machine that only QEMU knows. The guest cannot report them, because it is stopped. */
import path from 'node:path';
import {isAlive} from '../../machine/index.ts';
import type {MachineHandle} from '../../model/index.ts';
import {qmp} from './qmp.ts';

/** Sentences by QEMU's status. QEMU stops a guest whose write meets a full disk (`werror=enospc`, its default): `io-error`. */
const meanings: Record<string, string> = {
	'io-error': "is stopped: a write to its disk failed, as it does when this host's disk is full",
	'internal-error': 'is stopped by an internal error of QEMU; its qemu.log has more',
	'guest-panicked': 'has panicked; its console has more',
};

/** Returns one sentence for each machine that is in trouble. Never throws. */
export async function findTroubles(machines: MachineHandle[], runtime: string): Promise<string[]> {
	const found = await Promise.all(
		machines.map(async machine => {
			if (!isAlive(machine)) {
				return `${machine.name}: its process has ended (console: ${path.basename(path.dirname(machine.console))}/console.log)`;
			}

			const why = await whyStopped(machine.name, runtime);
			return why && `${machine.name} ${why}`;
		}),
	);
	return found.filter(trouble => trouble !== undefined);
}

/** Returns why QEMU has stopped a guest; undefined if the guest runs, or if QEMU does not answer. Never throws. */
export async function whyStopped(name: string, runtime: string): Promise<string | undefined> {
	try {
		const {status} = (await qmp({name, runtime}, 'query-status')) as {status: string};
		return meanings[status];
	} catch {
		return undefined;
	}
}
