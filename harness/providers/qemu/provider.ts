/** Machines as QEMU processes of this user, on a LAN of sockets: no bridge, no root, no daemon. */
import fs from 'node:fs';
import path from 'node:path';
import {explain, HarnessError, MachineError} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {waitForDocker} from '../../machine/docker.ts';
import {openConnection} from '../../machine/index.ts';
import {hostKey} from '../../machine/key.ts';
import type {MachineHandle} from '../../model.ts';
import {type Station, startLan, stations} from '../../network/lan.ts';
import {endProcesses, identify, type ProcessIdentity} from '../../processes/processes.ts';
import type {BringUp, MachinesUp, Provider} from '../provider.ts';
import {proveAccelerator} from './accelerator.ts';
import type {MachineParts} from './arguments.ts';
import {createDisk, startQemu, watchBoot} from './start.ts';
import {findTroubles} from './troubles.ts';

/** A boot that failed is tried once more: counted and shown as infrastructure, never hidden. */
const attempts = 2;

export const qemuProvider: Provider = {
	refuse(cell) {
		const {memory, managers, workers} = cell.topology;
		if (memory < 512) {
			return `Machines of ${memory} MiB are too small: a node with a running service needs 512 MiB at least`;
		}

		return managers + workers > 200 ? 'More than 200 machines do not fit the address range of one LAN' : undefined;
	},

	async up(request) {
		const started: ProcessIdentity[] = [];
		const down = () => takeDown(started);
		const stopEarly = () => void down();
		request.signal.addEventListener('abort', stopEarly, {once: true});
		try {
			const up = await bringUp(request, started);
			return {...up, down, troubles: async () => findTroubles(up.machines, request.runtime)};
		} catch (error) {
			await down();
			throw error;
		} finally {
			request.signal.removeEventListener('abort', stopEarly);
		}
	},
};

async function bringUp(
	request: BringUp,
	started: ProcessIdentity[],
): Promise<Pick<MachinesUp, 'machines' | 'bootSeconds'>> {
	const {accelerator} = await proveAccelerator(request.artifacts.kernel);
	const key = await hostKey();
	const all = stations(request.cell.topology);
	remember(
		started,
		await startLan(
			request.runtime,
			all.map(({name}) => name),
		),
	);
	const bootSeconds: Record<string, number> = {};
	const machines = await Promise.all(
		all.map(async station => {
			const folder = path.join(request.folder, 'machines', station.name);
			fs.mkdirSync(folder, {recursive: true});
			const parts: MachineParts = {
				station,
				accelerator,
				memory: request.cell.topology.memory,
				cpus: request.cell.topology.cpus,
				vmlinuz: request.artifacts.kernel.vmlinuz,
				initrd: request.artifacts.kernel.initrd,
				modulesImage: request.artifacts.kernel.modulesImage,
				disk: path.join(request.disks, `${station.name}.qcow2`),
				console: path.join(folder, 'console.log'),
				runtime: request.runtime,
				publicKey: key.publicKey,
			};
			const {handle, seconds} = await bootMachine(request, parts, key.identityFile, started);
			bootSeconds[station.name] = seconds;
			return handle;
		}),
	);
	return {machines, bootSeconds};
}

async function bootMachine(
	request: BringUp,
	parts: MachineParts,
	identityFile: string,
	started: ProcessIdentity[],
): Promise<{handle: MachineHandle; seconds: number}> {
	const {name} = parts.station;
	for (let attempt = 1; ; attempt++) {
		request.signal.throwIfAborted();
		const own: ProcessIdentity[] = [];
		try {
			return await bootOnceOver(request, parts, identityFile, pid => {
				remember(own, pid);
				remember(started, pid);
			});
		} catch (error) {
			await endProcesses(own, limits.stop);
			request.signal.throwIfAborted();
			if (attempt === attempts || !(error instanceof MachineError)) {
				throw error;
			}

			keepConsole(parts.console, attempt);
			request.onRetry(name, {message: error.message, type: error.name, details: explain(error)}, error.consoleTail);
		}
	}
}

async function bootOnceOver(
	request: BringUp,
	parts: MachineParts,
	identityFile: string,
	onStart: (pid: number) => void,
): Promise<{handle: MachineHandle; seconds: number}> {
	const {name} = parts.station;
	await createDisk(parts.disk, request.artifacts.engine.disk);
	const qemu = await startQemu(parts);
	onStart(qemu.pid);
	const handle = handleOf(parts, qemu.pid, qemu.sshPort, identityFile);
	await watchBoot(
		parts,
		qemu,
		async signal => {
			await openConnection(handle, {signal, limit: limits.boot});
			await waitForDocker({handle}, {signal, limit: limits.boot});
		},
		doing => {
			request.onProgress(name, doing);
		},
	);
	const seconds = (Date.now() - qemu.startedAt) / 1000;
	request.onProgress(name, 'Docker answers');
	return {handle, seconds};
}

function handleOf(parts: MachineParts, pid: number, port: number, identityFile: string): MachineHandle {
	const station: Station = parts.station;
	return {
		name: station.name,
		role: station.role,
		address: station.address,
		ssh: {
			host: '127.0.0.1',
			port,
			user: 'root',
			identityFile,
			controlPath: path.join(parts.runtime, `ssh-${station.name}`),
		},
		dockerSocket: path.join(parts.runtime, `docker-${station.name}.sock`),
		console: parts.console,
		pid,
	};
}

function remember(list: ProcessIdentity[], pid: number): void {
	const identity = identify(pid);
	if (!identity) {
		throw new HarnessError(`Process ${pid} ended as soon as it was started`);
	}

	list.push(identity);
}

async function takeDown(started: ProcessIdentity[]): Promise<string[]> {
	const left = await endProcesses(started, limits.stop);
	return left.map(({pid}) => `process ${pid}`);
}

function keepConsole(file: string, attempt: number): void {
	if (fs.existsSync(file)) {
		fs.renameSync(file, file.replace(/\.log$/, `.attempt-${attempt}.log`));
	}
}
