/** What QEMU itself knows to be wrong with a machine: a guest cannot tell, it just stands still. */
import path from 'node:path';
import {isAlive} from '../../machine/index.ts';
import type {MachineHandle} from '../../model/index.ts';
import {qmp} from './qmp.ts';

/** QEMU stops a guest whose write met a full disk (`werror=enospc`, its default) and says so as `io-error`. */
const meanings: Record<string, string> = {
	'io-error': "is stopped: a write to its disk failed, as it does when this host's disk is full",
	'internal-error': 'is stopped by an internal error of QEMU; its qemu.log has more',
	'guest-panicked': 'has panicked; its console has more',
};

/** One sentence for each machine that is in trouble. Never throws. */
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

/** Why QEMU has stopped a guest that cannot know it; undefined when it runs, or QEMU does not answer. Never throws. */
export async function whyStopped(name: string, runtime: string): Promise<string | undefined> {
	try {
		const {status} = (await qmp({name, runtime}, 'query-status')) as {status: string};
		return meanings[status];
	} catch {
		return undefined;
	}
}
