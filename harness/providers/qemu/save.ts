/**
 * Saves machines. The guest's memory is a file already, so QEMU writes only the state of the devices (some 500 kB). A
 * restored machine maps the memory file copy on write (QEMU's x-ignore-shared, docs/devel/migration).
 */
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {HarnessError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {quote} from '../../machine/index.ts';
import type {GuestAgent} from './agent.ts';
import {openIdentityPort} from './identity.ts';
import {type Qemu, qmp} from './qmp.ts';
import {stateDescriptor} from './start.ts';

/** The files of one saved machine. */
export interface SavedFiles {
	memory: string;
	state: string;
	disk: string;
	console: string;
}

export function savedFiles(folder: string, name: string): SavedFiles {
	const file = (kind: string) => path.join(folder, `${name}.${kind}`);
	return {memory: file('ram'), state: file('state'), disk: file('qcow2'), console: file('console.log')};
}

export interface SaveRequest {
	name: string;
	agent: GuestAgent;
	/** Folder of the sockets. */
	runtime: string;
	/** File of the console on this host. */
	console: string;
	files: SavedFiles;
}

/**
 * Stops all machines at the same time, writes their states and ends their QEMUs. The files of memory and disk stay in place.
 * Throws MachineError if a machine has ended or a connection to it is still open, HarnessError if QEMU cannot save it.
 */
export async function saveAll(machines: readonly SaveRequest[]): Promise<void> {
	// Open until their QEMUs end, so that the program in the guest is saved while it waits for an identity.
	await Promise.all(machines.map(async ({name, runtime}) => openIdentityPort(runtime, name)));
	await Promise.all(machines.map(async ({agent}) => agent.mustRun(['/usr/lib/swarmlab/quiet'], limits.exec)));
	// The agents stay connected, because an agent without a client sleeps 100 ms between two looks for one.
	await Promise.all(machines.map(async machine => qmp(machine, 'stop')));
	await Promise.all(machines.map(save));
	await Promise.all(
		machines.map(async machine => {
			// QEMU may end before it answers.
			await qmp(machine, 'quit').catch(() => {});
			fs.copyFileSync(machine.console, machine.files.console);
		}),
	);
}

async function save(machine: SaveRequest): Promise<void> {
	await saveState(machine, machine.files.state, limits.machineState);
}

/**
 * Writes the state of a machine that is stopped. Memory that is not a shared file is in it.
 * @param limit seconds
 */
export async function saveState(qemu: Qemu, file: string, limit: number): Promise<void> {
	await ignoreSharedMemory(qemu);
	await qmp(qemu, 'migrate', {uri: `exec:cat > ${quote(file)}`});
	await untilMigrated(qemu, limit);
}

/** Loads the state with which QEMU was started. The machine stays stopped until `cont`. Throws the same errors as `saveAll`. */
export async function loadState(qemu: Qemu): Promise<void> {
	await ignoreSharedMemory(qemu);
	await qmp(qemu, 'migrate-incoming', {uri: `fd:${stateDescriptor}`});
	await untilMigrated(qemu, limits.machineMemory);
}

/** Ends the writing of a state that is under way: the machine could not go on meanwhile. Throws the same errors as `saveAll`. */
export async function cancelSaving(qemu: Qemu): Promise<void> {
	const done = new Set([undefined, 'none', 'completed', 'failed', 'cancelled']);
	for (const end = performance.now() + limits.machineState * 1000; ; await delay(20)) {
		const {status} = (await qmp(qemu, 'query-migrate')) as {status?: string};
		if (done.has(status)) {
			return;
		}

		if (performance.now() > end) {
			throw new HarnessError(`QEMU does not end the saving of ${qemu.name}: it is ${status}`);
		}

		await qmp(qemu, 'migrate_cancel');
	}
}

async function ignoreSharedMemory(qemu: Qemu): Promise<void> {
	await qmp(qemu, 'migrate-set-capabilities', {capabilities: [{capability: 'x-ignore-shared', state: true}]});
}

async function untilMigrated(qemu: Qemu, limit: number): Promise<void> {
	for (const end = performance.now() + limit * 1000; ; await delay(5)) {
		const look = (await qmp(qemu, 'query-migrate')) as {status?: string; 'error-desc'?: string};
		if (look.status === 'completed') {
			return;
		}

		if (look.status === 'failed' || performance.now() > end) {
			throw new HarnessError(`QEMU did not save or restore ${qemu.name}: ${look['error-desc'] ?? look.status}`);
		}
	}
}
