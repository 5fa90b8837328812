/** The parts to start a machine from, and the handle of a started machine. */
import fs from 'node:fs';
import path from 'node:path';
import type {Accelerator} from '../../hypervisor/qemu.ts';
import {hostKey} from '../../machine/key.ts';
import type {SshHandle} from '../../model/index.ts';
import {type BringUp, bootFilesOf, type MachineRequest} from '../provider.ts';
import {type MachineParts, qmpSocket} from './arguments.ts';
import {savedFiles} from './save.ts';
import type {StartedQemu} from './start.ts';
import {writeVariantInitrd} from './variant-initrd.ts';

export async function partsOf(
	request: BringUp,
	{station, node, artifacts}: MachineRequest,
	accelerator: Accelerator,
): Promise<MachineParts> {
	const {cell, savable} = request;
	const {runtime} = request.places;
	const from = request.from?.[station.name];
	const folder = path.join(request.places.folder, 'machines', station.name);
	fs.mkdirSync(folder, {recursive: true});
	const boot = bootFilesOf(artifacts);
	const own = savedFiles(request.places.disks, station.name);
	const memoryFile = savable
		? {path: own.memory, keep: true}
		: from && !from.memoryInState
			? {path: savedFiles(from.folder, from.template ?? station.name).memory, keep: false}
			: undefined;
	return {
		station,
		accelerator,
		plain: cell.plain ?? false,
		memoryMib: node.memory,
		cpus: node.cpus,
		vmlinuz: boot.vmlinuz,
		initrd: node.variant && !from ? writeVariantInitrd(boot.initrd, node.variant, {station, runtime}) : boot.initrd,
		modulesImage: boot.modulesImage,
		rootDisk: artifacts.engine.disk,
		without: artifacts.without,
		...(node.variant?.kernelArgs && {kernelArgs: node.variant.kernelArgs}),
		disk: own.disk,
		console: path.join(folder, 'console.log'),
		runtime,
		publicKey: (await hostKey()).publicKey,
		memoryFile,
	};
}

export function handleOf(
	{station, runtime, console}: MachineParts,
	qemu: StartedQemu,
	identityFile: string,
): SshHandle {
	return {
		name: station.name,
		role: station.role,
		address: station.address,
		reach: {
			by: 'ssh',
			host: '127.0.0.1',
			port: qemu.sshPort,
			user: 'root',
			identityFile,
			controlPath: path.join(runtime, `ssh-${station.name}`),
		},
		engine: {socket: path.join(runtime, `docker-${station.name}.sock`), port: qemu.dockerPort},
		console,
		pid: qemu.pid,
		power: {by: 'qmp', socket: qmpSocket(runtime, station.name)},
	};
}
