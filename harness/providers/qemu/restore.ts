/** Machines that come back from their memory, each with an identity of its own before anybody talks to it. */
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import {execa} from 'execa';
import {makeServerKey, type ServerKey} from '../../machine/key.ts';
import type {GuestAgent} from './agent.ts';
import {type MachineParts, qmpSocket} from './arguments.ts';
import {type FrozenFiles, takeIn} from './freeze.ts';
import {qmp} from './qmp.ts';
import {createDisk, type StartedQemu, startQemu} from './start.ts';

export interface Restored {
	parts: MachineParts;
	qemu: StartedQemu;
	/** Of a clone: what tells it from the others. */
	serverKey?: ServerKey;
}

/** Starts QEMU with the state of a frozen machine taken in, standing still. */
export async function restore(
	parts: MachineParts,
	frozen: FrozenFiles,
	{clone, onStart}: {clone: boolean; onStart(pid: number): void},
): Promise<Restored> {
	const {name} = parts.station;
	const serverKey = clone ? await makeServerKey(parts.runtime, name) : undefined;
	if (parts.memoryFile?.keep) {
		// To be frozen again: disk and memory of its own, so that what comes of it depends on nothing but the engine's disk.
		await Promise.all([copySparse(frozen.memory, parts.memoryFile.path), copySparse(frozen.disk, parts.disk)]);
	} else {
		await createDisk(parts.disk, frozen.disk, 'qcow2');
	}

	fs.copyFileSync(frozen.console, parts.console);
	const qemu = await startQemu({...parts, incoming: true});
	onStart(qemu.pid);
	await takeIn(qmpSocket(parts.runtime, name), name, frozen.state);
	return {parts, qemu, ...(serverKey && {serverKey})};
}

/** Lets it run and renews its identity; a clone becomes the machine that its parts say. Throws MachineError. */
export async function wake(
	{parts, serverKey}: Restored,
	agentOf: (machine: string) => Promise<GuestAgent>,
): Promise<void> {
	const {station} = parts;
	await qmp(qmpSocket(parts.runtime, station.name), 'cont');
	const agent = await agentOf(station.name);
	const seconds = (Date.now() / 1000).toFixed(0);
	const self = serverKey
		? [station.name, `${station.address}/24`, station.mac, serverKey.privateFile, serverKey.publicKey]
		: [];
	const seed = randomBytes(64).toString('hex');
	await agent.mustRun(['/usr/lib/swarmlab/identity', seconds, seed, parts.publicKey, ...self]);
}

/** Holes stay holes: half of a machine's memory was never touched. */
async function copySparse(from: string, to: string): Promise<void> {
	await execa('cp', ['--sparse=always', '--reflink=auto', from, to]);
}
