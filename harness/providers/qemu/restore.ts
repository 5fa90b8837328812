/** Machines that come back from their memory, each with an identity of its own before anybody talks to it. */
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {makeServerKey, type ServerKey} from '../../machine/key.ts';
import type {MachineParts} from './arguments.ts';
import {type IdentityPort, openIdentityPort, type RestoreReport, sendIdentity, untilReported} from './identity.ts';
import {qmp} from './qmp.ts';
import {loadState, type SavedFiles} from './save.ts';
import {createDisk, type StartedQemu, startQemu, withExitReason} from './start.ts';

/** A machine that could be restored now: its files are there. */
export interface RestorableMachine {
	parts: MachineParts;
	saved: SavedFiles;
	/** Of a clone: what tells it from the others. */
	serverKey?: ServerKey;
}

export interface RestoredMachine extends RestorableMachine {
	qemu: StartedQemu;
	port: IdentityPort;
}

/** Makes its disk, and what else does not need QEMU. */
export async function prepareRestore(
	parts: MachineParts,
	saved: SavedFiles,
	{clone}: {clone: boolean},
): Promise<RestorableMachine> {
	const disks = parts.memoryFile?.keep
		? // To be frozen again: disk and memory of its own, so that what comes of it depends on nothing but the engine's disk.
			Promise.all([copySparse(saved.memory, parts.memoryFile.path), copySparse(saved.disk, parts.disk)])
		: createDisk(parts.disk, saved.disk, 'qcow2');
	const [serverKey] = await Promise.all([clone ? makeServerKey(parts.runtime, parts.station.name) : undefined, disks]);
	fs.copyFileSync(saved.console, parts.console);
	const stub = stubOf(parts);
	return {parts: {...parts, vmlinuz: stub, initrd: stub}, saved, serverKey};
}

/**
 * QEMU reads kernel and initrd whole at its start, 16 MB that a machine which has booted already never sees (it is not
 * started anew: -no-reboot). Enough for QEMU is the part that loads the rest, its sectors counted at 0x1f1 (kernel
 * Documentation/arch/x86/boot.rst).
 */
function stubOf({vmlinuz, runtime, station}: MachineParts): string {
	const kernel = fs.openSync(vmlinuz, 'r');
	const sectorBytes = 512;
	const head = Buffer.alloc(sectorBytes);
	fs.readSync(kernel, head, 0, sectorBytes, 0);
	const loader = Buffer.alloc((head[0x1f1]! + 2) * sectorBytes);
	fs.readSync(kernel, loader, 0, loader.length, 0);
	fs.closeSync(kernel);
	const stub = path.join(runtime, `loader-${station.name}`);
	fs.writeFileSync(stub, loader);
	return stub;
}

/** Starts QEMU with the state of a frozen machine taken in, standing still. */
export async function restore(restorable: RestorableMachine, onStart: (pid: number) => void): Promise<RestoredMachine> {
	const {parts, saved} = restorable;
	const {name} = parts.station;
	const qemu = await startQemu({...parts, incoming: true}, saved.state);
	return withExitReason(qemu, name, async () => {
		onStart(qemu.pid);
		// Before it takes in the state: the guest froze with somebody at the other end.
		const port = await openIdentityPort(parts.runtime, name);
		await loadState({name, runtime: parts.runtime});
		return {...restorable, qemu, port};
	});
}

/**
 * Lets it run and renews its identity; a clone becomes the machine that its parts say. A node with a neighbour on its
 * ingress network also proves that its engine answers and that a packet comes back from there. Throws MachineError.
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

/** Holes stay holes: half of a machine's memory was never touched. */
async function copySparse(from: string, to: string): Promise<void> {
	await execa('cp', ['--sparse=always', '--reflink=auto', from, to]);
}
