/**
 * Saves machines that are up and lets them go on. Their memory is no file that could be kept, as it is with snapshots that the
 * harness makes, so it is written into the state. The disk of a machine may be based on a snapshot of the cache, which may be
 * removed: its copy is based on the engine's disk instead.
 */
import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {HarnessError, MachineError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {hostKey} from '../../machine/key.ts';
import type {MachineHandle} from '../../model/index.ts';
import {modulePath} from '../../package.ts';
import type {KeepRequest} from '../provider.ts';
import {GuestAgent} from './agent.ts';
import {agentSocket} from './arguments.ts';
import {type IdentityPort, openIdentityPort, sendIdentity, untilReported} from './identity.ts';
import {qmp} from './qmp.ts';
import {copySparse} from './restore.ts';
import {cancelSaving, savedFiles, saveState} from './save.ts';

interface Attached {
	handle: MachineHandle;
	name: string;
	/** Folder of the sockets. */
	runtime: string;
	port: IdentityPort;
}

interface Kept extends Attached {
	agent: GuestAgent;
}

/** Bytes per second. The default of QEMU would take minutes for the memory of a cell. */
const bandwidth = 16 * 2 ** 30;

/** The contract's `keep`. */
export async function keep({machines, artifacts, folder, log}: KeepRequest): Promise<void> {
	const all = await Promise.all(machines.map(attachWithAgent));
	try {
		await Promise.all(all.map(async ({agent}) => agent.mustRun(['/usr/lib/swarmlab/quiet'], limits.exec)));
		log('the machines stand still');
		const guard = guardOf(machines);
		try {
			await Promise.all(all.map(async each => qmp(each, 'stop')));
			// One after the other: they would compete for the disk.
			for (const each of all) {
				log(`${each.name}: its memory and its disk are copied`);
				await copy(each, folder);
			}
		} finally {
			await goOn(all);
			guard.stdin.end('they go on\n');
		}
	} finally {
		for (const {agent, port} of all) {
			agent.close();
			port.destroy();
		}
	}

	for (const {name} of all) {
		log(`${name}: its disk is put on that of its engine`);
		await rebase(savedFiles(folder, name).disk, artifacts[name]!.engine.disk);
	}
}

async function attach(handle: MachineHandle): Promise<Attached> {
	const {name, power} = handle;
	if (power?.by !== 'qmp') {
		throw new MachineError(name, 'no control socket of QEMU is known');
	}

	const runtime = path.dirname(power.socket);
	return {handle, name, runtime, port: await openIdentityPort(runtime, name)};
}

async function attachWithAgent(handle: MachineHandle): Promise<Kept> {
	const attached = await attach(handle);
	const {name, runtime} = attached;
	return {...attached, agent: await GuestAgent.connect(name, agentSocket(runtime, name))};
}

/** Starts the process that lets the machines go on if this one is killed: see go-on-process.ts. */
function guardOf(machines: readonly MachineHandle[]) {
	const child = spawn(process.execPath, [modulePath(import.meta.dirname, 'go-on-process'), JSON.stringify(machines)], {
		// Ctrl-C does not reach it.
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	child.on('error', () => {});
	child.stdin.on('error', () => {});
	child.unref();
	return child;
}

/** Lets machines go on whose saving ended in the middle. Throws MachineError, HarnessError. */
export async function letGoOn(machines: readonly MachineHandle[]): Promise<void> {
	const all = await Promise.all(machines.map(attach));
	await Promise.all(all.map(cancelSaving));
	await goOn(all);
}

async function copy(machine: Kept, folder: string): Promise<void> {
	const files = savedFiles(folder, machine.name);
	await qmp(machine, 'migrate-set-parameters', {'max-bandwidth': bandwidth});
	await saveState(machine, files.state, limits.machineMemory);
	// After the state: QEMU has written all to the file then, and does not touch it.
	await copySparse(await diskOf(machine), files.disk);
	fs.copyFileSync(machine.handle.console, files.console);
}

/** The file of the machine's own disk, as QEMU has it open. */
async function diskOf(machine: Kept): Promise<string> {
	const devices = (await qmp(machine, 'query-block')) as {inserted?: {file: string; drv: string; ro: boolean}}[];
	const file = devices.find(({inserted}) => inserted?.drv === 'qcow2' && !inserted.ro)?.inserted?.file;
	if (!file) {
		throw new MachineError(machine.name, 'QEMU names no disk of its own');
	}

	return file;
}

/** The machines stood still, and so did their clocks: each hears the time, as a restored one does. */
async function goOn(machines: readonly Attached[]): Promise<void> {
	const {publicKey} = await hostKey();
	const went = await Promise.allSettled(
		machines.map(async machine => {
			const {name, handle, port} = machine;
			const {size} = fs.statSync(handle.console);
			sendIdentity(port, {nowMs: Date.now(), seed: randomBytes(64), publicKey});
			await qmp(machine, 'cont');
			await untilReported('identity', {machine: name, console: handle.console, from: size, ended: () => undefined});
		}),
	);
	const failed = went.find(each => each.status === 'rejected');
	if (failed) {
		throw failed.reason;
	}
}

async function rebase(disk: string, onto: string): Promise<void> {
	const {failed, all} = await execa('qemu-img', ['rebase', '-q', '-f', 'qcow2', '-F', 'raw', '-b', onto, disk], {
		reject: false,
		all: true,
	});
	if (failed) {
		throw new HarnessError(`The copy of the disk ${disk} could not be based on ${onto}: ${all}`);
	}
}
