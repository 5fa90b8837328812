/** Troubles of machines that libvirt knows. A guest that is stopped cannot report them. */
import {isAlive} from '../../machine/index.ts';
import type {MachineHandle} from '../../model/index.ts';
import {tryVirsh} from './virsh.ts';

/** Sentences by state and reason, as `virsh domstate --reason` prints them. Any other state is normal. */
const meanings: [RegExp, string][] = [
	[/^shut off/, 'has been shut off'],
	[/^crashed/, 'has crashed; its console has more'],
	[/^paused \(I\/O error\)/, "is paused: a write to its disk failed, as it does when this host's disk is full"],
	[/^paused/, 'is paused'],
];

/** Returns one sentence for each machine that is in trouble. Never throws. */
export async function findTroubles(machines: readonly MachineHandle[], prefix: string): Promise<string[]> {
	const found = await Promise.all(
		machines.map(async machine => {
			if (!isAlive(machine)) {
				return `${machine.name}: its process has ended`;
			}

			const {stdout} = await tryVirsh(['domstate', '--reason', `${prefix}${machine.name}`]).catch(() => ({stdout: ''}));
			const [, means] = meanings.find(([state]) => state.test(stdout)) ?? [];
			return means && `${machine.name} ${means}`;
		}),
	);
	return found.filter(trouble => trouble !== undefined);
}
