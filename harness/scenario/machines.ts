/** The machines of the cell in this process, and whether they are still alive. */
import type {MachineError} from '../errors.ts';
import {connect, type Machine} from '../machine/index.ts';
import type {CellHandle} from '../model/index.ts';

/** Connects to all machines of the cell. Throws MachineError with the console of a machine that cannot be reached. */
export async function connectAll({machines}: Pick<CellHandle, 'machines'>): Promise<Machine[]> {
	return Promise.all(machines.map(handle => connect(handle)));
}

/** Returns a machine by name. Throws TypeError with the names that there are. */
export function machineIn(machines: readonly Machine[], name: string): Machine {
	const found = machines.find(machine => machine.name === name);
	if (!found) {
		throw new TypeError(`There is no machine ${name}; there are ${machines.map(each => each.name).join(', ')}`);
	}

	return found;
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
