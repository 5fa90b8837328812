/** What boot and restore have in common. */
import {HarnessError} from '../../errors.ts';
import {identify, type ProcessIdentity} from '../../processes/processes.ts';
import type {BringUp} from '../provider.ts';
import type {GuestAgent} from './agent.ts';
import type {MachineParts} from './arguments.ts';
import type {StartedQemu} from './start.ts';

/** The request, and shared helpers of one `up`. */
export interface BringUpContext extends BringUp {
	/** Like Promise.all, but when one rejects it stops all others and waits for their end. */
	allOrNone<T>(works: Promise<T>[]): Promise<T[]>;
	/** Returns the connection to a machine's guest agent: the same one while the machine is up. */
	agentOf: AgentOf;
}

export type AgentOf = (machine: string) => Promise<GuestAgent>;

/** A machine that can be used: see untilUsable. */
export interface BootedMachine {
	parts: MachineParts;
	qemu: StartedQemu;
	/** Seconds from the start of QEMU. */
	seconds: number;
}

/** Adds a process to the list, so that it is ended with the machines. Throws HarnessError if it has ended already. */
export function trackProcess(list: ProcessIdentity[], pid: number): void {
	const identity = identify(pid);
	if (!identity) {
		throw new HarnessError(`Process ${pid} ended as soon as it was started`);
	}

	list.push(identity);
}
