/** All machines of a cell, restored together. */
import type {ProcessIdentity} from '../../processes/processes.ts';
import type {MachineParts} from './arguments.ts';
import {untilUsable} from './boot.ts';
import {type Booted, type Bringing, remember} from './bringing.ts';
import {prepare, restore, wake} from './restore.ts';
import {savedFiles} from './save.ts';

/** None runs before all have their state: nodes of a frozen swarm stood still at one moment, and go on at one. */
export async function restoreAll(
	request: Bringing,
	parts: MachineParts[],
	lan: Promise<void>,
	started: ProcessIdentity[],
): Promise<Booted[]> {
	const from = request.from!;
	const restored = await request.together(
		parts.map(async part => {
			const {name} = part.station;
			const {folder, template} = from[name]!;
			const clone = template !== undefined;
			const [machine] = await Promise.all([prepare(part, savedFiles(folder, template ?? name), {clone}), lan]);
			request.signal.throwIfAborted();
			const stands = await restore(machine, pid => remember(started, pid));
			request.log.machine(name, 'restored');
			return stands;
		}),
	);
	return request.together(
		restored.map(async machine => {
			const {parts: part, qemu} = machine;
			const {name} = part.station;
			const {neighbour} = from[name]!;
			await wake(machine, neighbour, doing => request.log.machine(name, doing));
			// Connected whether somebody needs it or not: see GuestAgent.
			void request.agentOf(name).catch(() => {});
			if (!neighbour) {
				await untilUsable(request, part, qemu, request.signal);
			}

			return {parts: part, qemu, seconds: (Date.now() - qemu.startedAt) / 1000};
		}),
	);
}
