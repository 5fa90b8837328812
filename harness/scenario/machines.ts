/** The machines of the cell in this process, and whether they are still alive. */
import type {MachineError} from '../errors.ts';
import {connect, type Machine} from '../machine/index.ts';
import type {CellHandle} from '../model/index.ts';

/** Connects to all machines of the cell. Throws MachineError with the console of a machine that cannot be reached. */
export async function connectAll({machines}: Pick<CellHandle, 'machines'>): Promise<Machine[]> {
	return Promise.all(machines.map(handle => connect(handle)));
}

/** Returns an error for a machine that ended though the scenario did not take it down; undefined when there is none. */
export function unexpectedDeath(
	machines: readonly Machine[],
	expectedDowntime: ReadonlySet<string>,
	cause: unknown,
): MachineError | undefined {
	const dead = machines.find(machine => !machine.alive && !expectedDowntime.has(machine.name));
	return dead?.trouble('its process has ended in the middle of a scenario', cause);
}
