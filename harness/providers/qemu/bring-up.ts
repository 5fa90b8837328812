/** What the ways in which machines come up have in common. */
import {HarnessError} from '../../errors.ts';
import {identify, type ProcessIdentity} from '../../processes/processes.ts';
import type {BringUp} from '../provider.ts';
import type {GuestAgent} from './agent.ts';
import type {MachineParts} from './arguments.ts';
import type {StartedQemu} from './start.ts';

/** What brings machines up. */
export interface BringUpContext extends BringUp {
	/** As Promise.all, but nothing goes on any more when it rejects. */
	allOrNone<T>(works: Promise<T>[]): Promise<T[]>;
	/** The connection to a machine's guest agent: one for as long as the machine is up. */
	agentOf: AgentOf;
}

export type AgentOf = (machine: string) => Promise<GuestAgent>;

/** A machine whose Docker API answers. */
export interface BootedMachine {
	parts: MachineParts;
	qemu: StartedQemu;
	/** From the start of QEMU. */
	seconds: number;
}

/** Notes a process, so that it is ended with the machines. Throws HarnessError when it has ended already. */
export function trackProcess(list: ProcessIdentity[], pid: number): void {
	const identity = identify(pid);
	if (!identity) {
		throw new HarnessError(`Process ${pid} ended as soon as it was started`);
	}

	list.push(identity);
}
