import type {MachineHandle} from '../model/index.ts';
import {type ConnectOptions, openConnection} from './connection.ts';
import {Machine} from './machine.ts';

/** A machine, connected. Throws MachineError when it cannot be reached within the limit. */
export async function connect(handle: MachineHandle, options: ConnectOptions = {}): Promise<Machine> {
	await openConnection(handle, options);
	return new Machine(handle);
}
