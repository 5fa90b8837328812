/** Starts machines for the benchmarks: through the harness, and by hand with exactly the same QEMU command line. */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {execa} from 'execa';
import {proveAccelerator} from '../harness/hypervisor/accelerator.ts';
import {qemuBinary} from '../harness/hypervisor/qemu.ts';
import {Machine, nsenter} from '../harness/machine/index.ts';
import {hostKey} from '../harness/machine/key.ts';
import type {Cell, Origin} from '../harness/model/index.ts';
import {startLan, stations} from '../harness/network/lan.ts';
import * as paths from '../harness/paths.ts';
import {type Lease, leaseFolder, takeLease} from '../harness/processes/leases.ts';
import {endProcesses, identify} from '../harness/processes/processes.ts';
import {bootFilesOf, type CellArtifacts} from '../harness/providers/provider.ts';
import {qemuArguments} from '../harness/providers/qemu/arguments.ts';
import {qemuProvider} from '../harness/providers/qemu/provider.ts';
import {createDisk} from '../harness/providers/qemu/start.ts';
import {cellLog} from '../harness/provision/cell-log.ts';
import {provision} from '../harness/provision/provision.ts';
import type {Provisioned} from '../harness/provision/request.ts';
import type {NewEvent} from '../harness/record/record.ts';
import {releaseLease} from '../harness/run/cleanup.ts';

// As swarmlab's command line does. With it, the switch of a LAN, a process of its own, starts in half the time.
process.env.NODE_COMPILE_CACHE ||= paths.compiled;

/** Ends everything that `body` started, even after an error or a signal. */
export async function withLease(body: (lease: Lease) => Promise<void>): Promise<void> {
	const lease = takeLease(`bench-${process.pid}`);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			void releaseLease(lease).finally(() => process.exit(130));
		});
	}

	try {
		await body(lease);
	} finally {
		await releaseLease(lease);
	}
}

export interface ProvisionedSwarm {
	up: Provisioned['up'];
	/** From the call until the swarm is formed, or its restore is proven alive. */
	seconds: number;
	/** Until the Docker API answered, by machine. */
	bootSeconds: Record<string, number>;
	pids: number[];
	/** Space that each machine's own disk takes on this host. */
	diskMebibytes: number[];
	down(): Promise<void>;
}

let count = 0;

/** Prints events that are unusual or take a while. */
function shown(event: NewEvent): void {
	if (event.event === 'artifact' || event.event === 'notice' || event.event === 'infrastructure-retry') {
		console.error(JSON.stringify(event));
	}
}

/** Brings up one swarm through the harness. Throws if its origin is not the requested one. */
export async function provisionOnce(request: {
	cell: Cell;
	artifacts: CellArtifacts;
	lease: Lease;
	origin: Origin;
	fixture?: {name: string; file: string};
}): Promise<ProvisionedSwarm> {
	count += 1;
	const folder = leaseFolder(request.lease, path.join(os.tmpdir(), `slb-${process.pid}-${count}`));
	const start = performance.now();
	const provisioned = await provision({
		target: {cell: request.cell, provider: qemuProvider, artifacts: request.artifacts},
		places: {
			folder,
			disks: folder,
			runtime: leaseFolder(request.lease, path.join(paths.runtime, `b${process.pid}-${count}`)),
		},
		context: {lease: request.lease, signal: new AbortController().signal, log: cellLog(request.cell.id, shown)},
		preferredOrigin: request.origin,
		fixture: request.fixture,
	});
	const seconds = (performance.now() - start) / 1000;
	if (provisioned.origin !== request.origin) {
		throw new Error(`This is a ${provisioned.origin} and not a ${request.origin}`);
	}

	const {up} = provisioned;
	return {
		up,
		seconds,
		bootSeconds: up.bootSeconds,
		pids: up.machines.flatMap(({pid}) => pid ?? []),
		diskMebibytes: await Promise.all(up.machines.map(({name}) => mebibytesOf(path.join(folder, `${name}.qcow2`)))),
		async down() {
			await up.down();
			fs.rmSync(folder, {recursive: true, force: true});
		},
	};
}

/** Returns the seconds until a service answers on every node: through its VIP from a client there, and through the mesh. */
export async function swarmAnswers({up}: ProvisionedSwarm, service: string, port: number): Promise<number> {
	const start = performance.now();
	await Promise.all(
		up.machines.map(async handle => {
			const machine = new Machine(handle);
			const filters = {label: ['com.docker.swarm.service.name=clients']};
			const [client] = await machine.ask('find the client', docker => docker.listContainers({filters}));
			const pid = String(await machine.pidOf(client!.Id));
			// With busybox, because the swarm is measured: a static program starts ten times faster under emulation than curl.
			const get = ['/bin/busybox', 'wget', '-q', '-O', '/dev/null'];
			await answers(up, handle.name, [
				'/bin/busybox',
				...nsenter(['-t', pid, '-m', '-n'], [...get, `http://${service}/`]),
			]);
			await answers(up, handle.name, [...get, `http://${handle.address}:${port}/`]);
		}),
	);
	return (performance.now() - start) / 1000;
}

async function answers(up: Provisioned['up'], name: string, command: string[]): Promise<void> {
	for (;;) {
		const {exitCode} = await up.execOutOfBand(name, command);
		if (exitCode === 0) {
			return;
		}

		await delay(20);
	}
}

async function mebibytesOf(file: string): Promise<number> {
	const {stdout} = await execa('du', ['-k', file]);
	return Number.parseInt(stdout, 10) / 1024;
}

/**
 * Boots QEMU by hand with the same command line, until the guest prints on its console that dockerd listens.
 * @returns seconds
 */
export async function bootByHand(cell: Cell, artifacts: CellArtifacts): Promise<number> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slb-'));
	const node = cell.nodes[0]!;
	const [station] = stations([node]);
	const {kernel, engine} = artifacts[node.name]!;
	const lan = identify(await startLan(folder, [station!.name]))!;
	const console = path.join(folder, 'console.log');
	const disk = path.join(folder, 'disk.qcow2');
	const bootFiles = bootFilesOf({kernel});
	const {accelerator} = await proveAccelerator(bootFiles);
	const {publicKey} = await hostKey();
	const {memory: memoryMib, cpus} = node;
	const start = performance.now();
	await createDisk(disk, engine.disk);
	const line = qemuArguments({
		station: station!,
		accelerator,
		memoryMib,
		cpus,
		...bootFiles,
		rootDisk: engine.disk,
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
