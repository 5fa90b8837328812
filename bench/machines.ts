/** The machines that benchmarks start: through the provider, and by hand with the very same QEMU command line. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {hostKey} from '../harness/machine/key.ts';
import type {Cell} from '../harness/model.ts';
import {startLan, stations} from '../harness/network/lan.ts';
import {endProcesses, identify} from '../harness/processes/processes.ts';
import type {CellArtifacts, MachinesUp} from '../harness/providers/provider.ts';
import {proveAccelerator} from '../harness/providers/qemu/accelerator.ts';
import {qemuArguments} from '../harness/providers/qemu/arguments.ts';
import {qemuProvider} from '../harness/providers/qemu/provider.ts';
import {createDisk, qemuBinary} from '../harness/providers/qemu/start.ts';

/** The provider's way. The caller takes it down. */
export async function up(cell: Cell, artifacts: CellArtifacts): Promise<MachinesUp> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slb-'));
	const machines = await qemuProvider.up({
		cell,
		artifacts,
		folder,
		disks: folder,
		runtime: folder,
		signal: new AbortController().signal,
		onProgress() {},
		onRetry(machine, reason) {
			console.error(`${machine}: tried again: ${reason.message}`);
		},
	});
	return {
		...machines,
		async down() {
			const left = await machines.down();
			fs.rmSync(folder, {recursive: true, force: true});
			return left;
		},
	};
}

/**
 * By hand: QEMU with the same command line, until the guest itself says on its console that dockerd listens.
 * @returns seconds
 */
export async function bootByHand(cell: Cell, artifacts: CellArtifacts): Promise<number> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slb-'));
	const [station] = stations({managers: 1, workers: 0});
	const lan = identify(await startLan(folder, [station!.name]))!;
	const console = path.join(folder, 'console.log');
	const disk = path.join(folder, 'disk.qcow2');
	const {accelerator} = await proveAccelerator(artifacts.kernel);
	const {publicKey} = await hostKey();
	const {memory, cpus} = cell.topology;
	const start = performance.now();
	await createDisk(disk, artifacts.engine.disk);
	const line = qemuArguments({
		station: station!,
		accelerator,
		memory,
		cpus,
		...artifacts.kernel,
		disk,
		console,
		runtime: folder,
		publicKey,
	});
	const qemu = spawn(qemuBinary, line, {stdio: 'ignore'});
	const identity = identify(qemu.pid!)!;
	try {
		while (!(fs.existsSync(console) && fs.readFileSync(console, 'utf8').includes('swarmlab: dockerd started'))) {
			await delay(20);
		}

		return (performance.now() - start) / 1000;
	} finally {
		await endProcesses([identity, lan], 2);
		fs.rmSync(folder, {recursive: true, force: true});
	}
}
