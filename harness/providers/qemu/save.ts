/**
 * Machines that stand still: the guest's memory is a file of its own, so only the state of the devices is written
 * (some 500 kB), and whoever comes back maps that memory copy on write (QEMU's x-ignore-shared, docs/devel/migration).
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

/** The files of one frozen machine. */
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
	/** Its console on this host. */
	console: string;
	files: SavedFiles;
}

/**
 * Stops all machines at one moment, writes their states and ends their QEMUs. Memory and disk are where they were started.
 * Throws MachineError when one of them is gone or somebody is still connected to it, HarnessError when QEMU cannot save it.
 */
export async function saveAll(machines: readonly SaveRequest[]): Promise<void> {
	// Open until their QEMUs end: the program that waits for an identity is frozen waiting.
	await Promise.all(machines.map(async ({name, runtime}) => openIdentityPort(runtime, name)));
	await Promise.all(machines.map(async ({agent}) => agent.mustRun(['/usr/lib/swarmlab/quiet'], limits.exec)));
	// The agents stay connected: one that finds nobody at the other end sleeps 100 ms between two looks.
	await Promise.all(machines.map(async machine => qmp(machine, 'stop')));
	await Promise.all(machines.map(save));
	await Promise.all(
		machines.map(async machine => {
			// QEMU may be gone before it has answered.
			await qmp(machine, 'quit').catch(() => {});
			fs.copyFileSync(machine.console, machine.files.console);
		}),
	);
}

async function save(machine: SaveRequest): Promise<void> {
	await ignoreSharedMemory(machine);
	await qmp(machine, 'migrate', {uri: `exec:cat > ${quote(machine.files.state)}`});
	await untilMigrated(machine);
}

/** Takes in the state that QEMU was started with. The machine then stands still until `cont`. Throws as `saveAll`. */
export async function loadState(qemu: Qemu): Promise<void> {
	await ignoreSharedMemory(qemu);
	await qmp(qemu, 'migrate-incoming', {uri: `fd:${stateDescriptor}`});
	await untilMigrated(qemu);
}

async function ignoreSharedMemory(qemu: Qemu): Promise<void> {
	await qmp(qemu, 'migrate-set-capabilities', {capabilities: [{capability: 'x-ignore-shared', state: true}]});
}

async function untilMigrated(qemu: Qemu): Promise<void> {
	for (const end = performance.now() + limits.machineState * 1000; ; await delay(5)) {
		const look = (await qmp(qemu, 'query-migrate')) as {status?: string; 'error-desc'?: string};
		if (look.status === 'completed') {
			return;
		}

		if (look.status === 'failed' || performance.now() > end) {
			throw new HarnessError(`QEMU did not save or restore ${qemu.name}: ${look['error-desc'] ?? look.status}`);
		}
	}
}
