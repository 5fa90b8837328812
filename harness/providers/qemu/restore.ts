/** Restores machines from saved memory. Each gets an identity of its own before anything else connects to it. */
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import {execa} from 'execa';
import {makeServerKey, type ServerKey} from '../../machine/key.ts';
import type {MachineParts} from './arguments.ts';
import {type IdentityPort, openIdentityPort, type RestoreReport, sendIdentity, untilReported} from './identity.ts';
import {qmp} from './qmp.ts';
import {loadState, type SavedFiles} from './save.ts';
import {createDisk, type StartedQemu, startQemu, withExitReason} from './start.ts';

/** A machine whose files are prepared for a restore. */
export interface RestorableMachine {
	parts: MachineParts;
	saved: SavedFiles;
	/** Key of the sshd of a clone. Each clone has another. */
	serverKey?: ServerKey;
}

export interface RestoredMachine extends RestorableMachine {
	qemu: StartedQemu;
	port: IdentityPort;
}

/** Makes the disk of a machine, and does the other steps that do not need QEMU. */
export async function prepareRestore(
	parts: MachineParts,
	saved: SavedFiles,
	{clone}: {clone: boolean},
): Promise<RestorableMachine> {
	const disks = parts.memoryFile?.keep
		? // It will be saved again. Disk and memory are copied, so that the new snapshot depends only on the engine's disk.
			Promise.all([copySparse(saved.memory, parts.memoryFile.path), copySparse(saved.disk, parts.disk)])
		: createDisk(parts.disk, saved.disk, 'qcow2');
	const [serverKey] = await Promise.all([clone ? makeServerKey(parts.runtime, parts.station.name) : undefined, disks]);
	fs.copyFileSync(saved.console, parts.console);
	return {parts, saved, serverKey};
}

/** Starts QEMU and loads the state of a saved machine. The machine stays stopped. */
export async function restore(restorable: RestorableMachine, onStart: (pid: number) => void): Promise<RestoredMachine> {
	const {parts, saved} = restorable;
	const {name} = parts.station;
	const qemu = await startQemu({...parts, incoming: true}, saved.state);
	return withExitReason(qemu, name, async () => {
		onStart(qemu.pid);
		// Before the state is loaded, because the guest was saved while this port was connected.
		const port = await openIdentityPort(parts.runtime, name);
		await loadState({name, runtime: parts.runtime});
		return {...restorable, qemu, port};
	});
}

/**
 * Renews the identity of a restored machine and lets it run. A clone gets name, address and keys of its own. A node with a
 * neighbour on its ingress network also proves that its engine answers and that a packet comes back from the neighbour.
 * Throws MachineError.
 */
export async function resume(
	{parts, serverKey, qemu, port}: RestoredMachine,
	neighbour: string | undefined,
	onProgress: (doing: string) => void,
): Promise<void> {
	const {station, publicKey, console, runtime} = parts;
	const {name} = station;
	const {size} = fs.statSync(console);
	const heard = {machine: name, console, from: size, ended: qemu.exitReason};
	try {
		sendIdentity(port, {
			nowMs: Date.now(),
			seed: randomBytes(64),
			publicKey,
			...(serverKey && {clone: {...station, address: `${station.address}/24`, serverKey}}),
			neighbour,
		});
		await withExitReason(qemu, name, async () => qmp({name, runtime}, 'cont'));
		for (const [what, doing] of resumeSteps.slice(0, neighbour ? resumeSteps.length : 1)) {
			await untilReported(what, heard);
			onProgress(doing);
		}
	} finally {
		port.destroy();
	}
}

const resumeSteps: Array<[RestoreReport, string]> = [
	['identity', 'identity renewed'],
	['engine', 'Docker answers'],
	['overlay', 'reaches its neighbour'],
];

/** Copies a file and keeps its holes, because half of a machine's memory was never used. */
export async function copySparse(from: string, to: string): Promise<void> {
	await execa('cp', ['--sparse=always', '--reflink=auto', from, to]);
}
