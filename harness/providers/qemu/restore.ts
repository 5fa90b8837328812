/** Machines that come back from their memory, each with an identity of its own before anybody talks to it. */
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import {execa} from 'execa';
import {GuestAgent} from './agent.ts';
import {agentSocket, type MachineParts, qmpSocket} from './arguments.ts';
import {type FrozenFiles, takeIn} from './freeze.ts';
import {qmp} from './qmp.ts';
import {createDisk, type StartedQemu, startQemu} from './start.ts';

export interface Restored {
	parts: MachineParts;
	qemu: StartedQemu;
	agent: GuestAgent;
}

/** Starts QEMU with the state of a frozen machine taken in, standing still. */
export async function restore(
	parts: MachineParts,
	frozen: FrozenFiles,
	onStart: (pid: number) => void,
): Promise<Restored> {
	const {name} = parts.station;
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
	const agent = await GuestAgent.connect(name, agentSocket(parts.runtime, name));
	return {parts, qemu, agent};
}

/** Lets it run and renews its identity; a clone becomes the machine that its parts say. Throws MachineError. */
export async function wake({parts, agent}: Restored, {clone}: {clone: boolean}): Promise<void> {
	const {station} = parts;
	await qmp(qmpSocket(parts.runtime, station.name), 'cont');
	await agent.synchronise();
	const seconds = (Date.now() / 1000).toFixed(0);
	const self = clone ? [station.name, `${station.address}/24`, station.mac] : [];
	const seed = randomBytes(64).toString('hex');
	await agent.mustRun(['/usr/lib/swarmlab/identity', seconds, seed, parts.publicKey, ...self]);
}

/** Holes stay holes: half of a machine's memory was never touched. */
async function copySparse(from: string, to: string): Promise<void> {
	await execa('cp', ['--sparse=always', '--reflink=auto', from, to]);
}
