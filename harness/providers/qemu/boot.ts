/** Boots one machine and waits until it can be used. */
import fs from 'node:fs';
import {MachineError, reasonOf} from '../../errors.ts';
import {readConsole} from '../../guest/console.ts';
import {variantTrouble} from '../../guest/variant.ts';
import {limits} from '../../limits.ts';
import {waitForDocker} from '../../machine/docker.ts';
import {openConnection} from '../../machine/index.ts';
import {hostKey} from '../../machine/key.ts';
import {endProcesses, type ProcessIdentity} from '../../processes/processes.ts';
import type {BringUp} from '../provider.ts';
import type {MachineParts} from './arguments.ts';
import {type BootedMachine, type BringUpContext, trackProcess} from './bring-up.ts';
import {handleOf} from './parts.ts';
import {createDisk, type StartedQemu, startQemu, untilDockerStarts, watchBoot, withExitReason} from './start.ts';

/** A failed boot is tried once more. The retry is counted and reported as infrastructure. */
const attempts = 2;

/** Boots a machine, twice if necessary. Throws MachineError if the second attempt fails, too. */
export async function bootMachine(
	request: BringUpContext,
	parts: MachineParts,
	started: ProcessIdentity[],
): Promise<BootedMachine> {
	const {name} = parts.station;
	for (let attempt = 1; ; attempt++) {
		request.signal.throwIfAborted();
		const own: ProcessIdentity[] = [];
		try {
			return await bootOnceOver(request, parts, pid => {
				trackProcess(own, pid);
				trackProcess(started, pid);
			});
		} catch (error) {
			await endProcesses(own, limits.processStop);
			request.signal.throwIfAborted();
			const {node} = request.machines.find(({station}) => station.name === name)!;
			const trouble = variantTrouble(readConsole(parts.console), node);
			if (trouble) {
				throw trouble;
			}

			if (attempt === attempts || !(error instanceof MachineError)) {
				throw error;
			}

			keepConsole(parts.console, attempt);
			request.log.machineRetried(name, reasonOf(error), error.consoleTail);
		}
	}
}

async function bootOnceOver(
	request: BringUpContext,
	parts: MachineParts,
	onStart: (pid: number) => void,
): Promise<BootedMachine> {
	const {name} = parts.station;
	await createDisk(parts.disk, parts.rootDisk);
	const qemu = await startQemu(parts);
	await withExitReason(qemu, name, async () => onStart(qemu.pid));
	await watchBoot(
		parts,
		qemu,
		request.signal,
		async signal => {
			await untilUsable(request, parts, qemu, signal);
		},
		doing => {
			request.log.machine(name, doing);
		},
	);
	// Connect in any case: an agent without a client takes CPU time (see GuestAgent).
	void request.agentOf(name).catch(() => {});
	return {parts, qemu, seconds: (Date.now() - qemu.startedAtMs) / 1000};
}

/** Waits until the engine of the machine answers, or its ssh if the disk has no engine. */
export async function untilUsable(
	request: BringUp,
	parts: MachineParts,
	qemu: StartedQemu,
	signal: AbortSignal,
): Promise<void> {
	const {name} = parts.station;
	if (parts.without === 'docker') {
		const {identityFile} = await hostKey();
		await openConnection(handleOf(parts, qemu, identityFile), {signal, limit: limits.boot});
		request.log.machine(name, 'ssh answers');
		return;
	}

	if (!request.from) {
		await untilDockerStarts(parts.console, signal);
	}

	await waitForDocker({handle: handleOf(parts, qemu, '')}, {signal, limit: limits.boot});
	request.log.machine(name, 'Docker answers');
}

function keepConsole(file: string, attempt: number): void {
	if (fs.existsSync(file)) {
		fs.renameSync(file, file.replace(/\.log$/, `.attempt-${attempt}.log`));
	}
}
