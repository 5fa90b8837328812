/** What libvirt knows to be wrong with machines: a guest that stands still cannot tell. */
import {isAlive} from '../../machine/index.ts';
import type {MachineHandle} from '../../model/index.ts';
import {tryVirsh} from './virsh.ts';

/** `virsh domstate --reason`: state and reason. What is not here is as it should be. */
const meanings: [RegExp, string][] = [
	[/^shut off/, 'has been shut off'],
	[/^crashed/, 'has crashed; its console has more'],
	[/^paused \(I\/O error\)/, "is paused: a write to its disk failed, as it does when this host's disk is full"],
	[/^paused/, 'is paused'],
];

/** One sentence for each machine that is in trouble. Never throws. */
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
