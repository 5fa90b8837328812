import type {MachineHandle} from '../model/index.ts';
import type {ConnectOptions} from './connection.ts';
import {Machine} from './machine.ts';
import {transportTo} from './transport.ts';

/** Connects to a machine. Throws MachineError if the machine cannot be reached within the limit. */
export async function connect(handle: MachineHandle, options: ConnectOptions = {}): Promise<Machine> {
	await transportTo(handle).open(options);
	return new Machine(handle);
}
