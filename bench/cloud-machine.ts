/** One machine with a packaged cloud, of the same parts that the qemu provider is made of: booted, frozen, restored. */
import fs from 'node:fs';
import path from 'node:path';
import {buildCloud} from '../harness/images/cloud-artifact.ts';
import {buildKernel} from '../harness/images/kernel-artifact.ts';
import {listKernels, resolveKernel} from '../harness/images/kernels.ts';
import type {Report} from '../harness/images/report.ts';
import {detectPackageSettings} from '../harness/images/settings.ts';
import {connect, type Executed, Machine, quote} from '../harness/machine/index.ts';
import {hostKey} from '../harness/machine/key.ts';
import type {MachineHandle} from '../harness/model.ts';
import {startLan, stations} from '../harness/network/lan.ts';
import * as paths from '../harness/paths.ts';
import {type Lease, leaseFolder} from '../harness/processes/leases.ts';
import {endProcesses, identify, type ProcessIdentity} from '../harness/processes/processes.ts';
import {proveAccelerator} from '../harness/providers/qemu/accelerator.ts';
import {GuestAgent} from '../harness/providers/qemu/agent.ts';
import {agentSocket, type MachineParts} from '../harness/providers/qemu/arguments.ts';
import {milestone} from '../harness/providers/qemu/console.ts';
import {freezeAll, frozenFiles} from '../harness/providers/qemu/freeze.ts';
import {prepare, restore, wake} from '../harness/providers/qemu/restore.ts';
import {createDisk, type StartedQemu, startQemu, watchBoot} from '../harness/providers/qemu/start.ts';

/** Where the tree is carried from, and where to. */
const source = path.join(paths.project, 'harness', 'devstack', 'packaged');
const tree = '/opt/stack/devstack';

/** MiB, and virtual CPUs. With Nova the services take some 700 MiB. */
const size = {memory: 3072, cpus: 2};

export interface CloudParts {
	kernel: {vmlinuz: string; initrd: string; modulesImage: string; release: string};
	disk: string;
	/** OpenStack's name of it. */
	release: string;
}

/** The disk of the packaged cloud and this host's own kernel: from the cache, or built. */
export async function cloudParts(report: Report): Promise<CloudParts> {
	const settings = await detectPackageSettings();
	const kernels = await listKernels(settings, report);
	const kernel = await buildKernel(await resolveKernel('6.1', kernels), settings, report);
	const {disk, release} = await buildCloud(settings, report);
	return {kernel, disk, release};
}

export class CloudMachine {
	readonly handle: MachineHandle;
	readonly machine: Machine;
	/** Seconds from QEMU's start until the machine could be used. */
	readonly seconds: number;
	/** Epoch milliseconds. */
	readonly startedAt: number;
	readonly #parts: MachineParts;
	readonly #started: ProcessIdentity[];
	#agent: GuestAgent | undefined;

	private constructor(parts: MachineParts, qemu: StartedQemu, handle: MachineHandle, started: ProcessIdentity[]) {
		this.#parts = parts;
		this.#started = started;
		this.handle = handle;
		this.machine = new Machine(handle);
		this.startedAt = qemu.startedAt;
		this.seconds = (Date.now() - qemu.startedAt) / 1000;
	}

	/** Boots one, or restores what `freeze` left in a folder. Throws HarnessError. */
	static async up(parts: CloudParts, lease: Lease, name: string, frozen?: string): Promise<CloudMachine> {
		const [station] = stations({managers: 1, workers: 0});
		const runtime = leaseFolder(lease, path.join(paths.runtime, `${lease.id}-${name}`));
		const folder = leaseFolder(lease, path.join(paths.runtime, `${lease.id}-${name}-disks`));
		const started: ProcessIdentity[] = [];
		const remember = (pid: number) => void started.push(identify(pid)!);
		remember(await startLan(runtime, [station!.name]));
		const own = frozenFiles(folder, station!.name);
		const from = frozen === undefined ? undefined : frozenFiles(frozen, station!.name);
		const {publicKey, identityFile} = await hostKey();
		const machineParts: MachineParts = {
			station: station!,
			accelerator: (await proveAccelerator(parts.kernel)).accelerator,
			...size,
			...parts.kernel,
			disk: own.disk,
			console: path.join(folder, 'console.log'),
			runtime,
			publicKey,
			memoryFile: from ? {path: from.memory, keep: false} : {path: own.memory, keep: true},
		};
		const agentOf = async () => {
			const agent = await GuestAgent.connect(station!.name, agentSocket(runtime, station!.name));
			await agent.synchronise();
			return agent;
		};
		try {
			const {qemu, agent} = from
				? await comeBack(machineParts, from, remember, agentOf)
				: await boot(machineParts, parts.disk, remember, agentOf);
			const cloud = new CloudMachine(
				machineParts,
				qemu,
				{
					name: station!.name,
					role: station!.role,
					address: station!.address,
					ssh: {
						host: '127.0.0.1',
						port: qemu.sshPort,
						user: 'root',
						identityFile,
						controlPath: path.join(runtime, 'ssh'),
					},
					dockerSocket: path.join(runtime, 'docker.sock'),
					console: machineParts.console,
					pid: qemu.pid,
				},
				started,
			);
			cloud.#agent = agent;
			return cloud;
		} catch (error) {
			await endProcesses(started, 5);
			throw error;
		}
	}

	/** Carries the tree in, with its local.conf. */
	async place(localrc: Record<string, string>): Promise<void> {
		await connect(this.handle);
		await this.machine.run(`rm -rf ${tree}`);
		await this.machine.copyTo(source, tree);
		const lines = Object.entries(localrc).map(([name, value]) => `${name}=${quote(value)}`);
		const conf = ['[[local|localrc]]', ...lines, ''].join('\n');
		await this.machine.run(`cat > ${tree}/local.conf && chown -R stack:stack ${tree}`, {input: conf});
	}

	/** A command in the tree, as the user `stack`. */
	async asStack(command: string, timeout = 900): Promise<Executed> {
		return this.machine.exec(`cd ${tree} && runuser -u stack -- env HOME=/opt/stack bash -c ${quote(command)}`, {
			timeout,
		});
	}

	/** The same by the agent: no handshake of ssh, so what is measured is the command. */
	async behindItsBack(command: string, timeout = 300): Promise<{exitCode: number; output: string}> {
		const line = `cd ${tree} && HOME=/opt/stack exec setpriv --reuid stack --regid stack --init-groups bash -c ${quote(command)}`;
		return this.#agent!.run(['/bin/bash', '-c', line], timeout);
	}

	/** Ends it and leaves what `up` takes. Nobody may be connected. @returns the folder */
	async freeze(): Promise<string> {
		await this.machine.disconnect();
		const {station, runtime, console, disk} = this.#parts;
		const folder = path.dirname(disk);
		const files = frozenFiles(folder, station.name);
		await freezeAll([{name: station.name, agent: this.#agent!, runtime, console, files}]);
		await this.down();
		return folder;
	}

	async down(): Promise<void> {
		this.#agent?.close();
		await this.machine.disconnect().catch(() => {});
		await endProcesses(this.#started, 5);
	}
}

async function boot(
	parts: MachineParts,
	backing: string,
	remember: (pid: number) => void,
	agentOf: () => Promise<GuestAgent>,
): Promise<{qemu: StartedQemu; agent: GuestAgent}> {
	await createDisk(parts.disk, backing);
	const qemu = await startQemu(parts);
	remember(qemu.pid);
	const ready = async (signal: AbortSignal) => {
		while (!signal.aborted && !/sshd up/.test(fs.readFileSync(parts.console, 'utf8'))) {
			await new Promise(resolve => setTimeout(resolve, 100));
		}
	};
	await watchBoot(parts, qemu, new AbortController().signal, ready, () => milestone(parts.console));
	return {qemu, agent: await agentOf()};
}

async function comeBack(
	parts: MachineParts,
	from: ReturnType<typeof frozenFiles>,
	remember: (pid: number) => void,
	agentOf: () => Promise<GuestAgent>,
): Promise<{qemu: StartedQemu; agent: GuestAgent}> {
	const restored = await restore(await prepare(parts, from, {clone: false}), remember);
	await wake(restored);
	return {qemu: restored.qemu, agent: await agentOf()};
}
