/** Restores all machines of a cell together. */
import type {ProcessIdentity} from '../../processes/processes.ts';
import type {MachineParts} from './arguments.ts';
import {untilUsable} from './boot.ts';
import {type BootedMachine, type BringUpContext, trackProcess} from './bring-up.ts';
import {prepareRestore, restore, resume} from './restore.ts';
import {savedFiles} from './save.ts';

/** Restores all machines. None runs before all have their state: nodes of a swarm were stopped together and continue together. */
export async function restoreAll(
	request: BringUpContext,
	parts: MachineParts[],
	lan: Promise<void>,
	started: ProcessIdentity[],
): Promise<BootedMachine[]> {
	const from = request.from!;
	const restored = await request.allOrNone(
		parts.map(async part => {
			const {name} = part.station;
			const {folder, template} = from[name]!;
			const clone = template !== undefined;
			const [machine] = await Promise.all([prepareRestore(part, savedFiles(folder, template ?? name), {clone}), lan]);
			request.signal.throwIfAborted();
			const stands = await restore(machine, pid => trackProcess(started, pid));
			request.log.machine(name, 'restored');
			return stands;
		}),
	);
	return request.allOrNone(
		restored.map(async machine => {
			const {parts: part, qemu} = machine;
			const {name} = part.station;
			const {neighbour} = from[name]!;
			await resume(machine, neighbour, doing => request.log.machine(name, doing));
			// Connect in any case: an agent without a client takes CPU time (see GuestAgent).
			void request.agentOf(name).catch(() => {});
			if (!neighbour) {
				await untilUsable(request, part, qemu, request.signal);
			}

			return {parts: part, qemu, seconds: (Date.now() - qemu.startedAtMs) / 1000};
		}),
	);
}
