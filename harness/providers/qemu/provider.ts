/** Machines as QEMU processes of this user, on a LAN of sockets: no bridge, no root, no daemon. */
import fs from 'node:fs';
import path from 'node:path';
import {HarnessError, MachineError, reasonOf} from '../../errors.ts';
import {proveAccelerator} from '../../hypervisor/accelerator.ts';
import type {Accelerator} from '../../hypervisor/qemu.ts';
import {limits} from '../../limits.ts';
import {waitForDocker} from '../../machine/docker.ts';
import {openConnection} from '../../machine/index.ts';
import {hostKey} from '../../machine/key.ts';
import type {MachineHandle} from '../../model/index.ts';
import {countersSocket, type Station, startLan, stations} from '../../network/lan.ts';
import {endProcesses, identify, type ProcessIdentity} from '../../processes/processes.ts';
import type {BringUp, MachinesUp, Provider} from '../provider.ts';
import {GuestAgent} from './agent.ts';
import {agentSocket, type MachineParts} from './arguments.ts';
import {freezeAll, frozenFiles} from './freeze.ts';
import {frozenRecipe} from './frozen-recipe.ts';
import {prepare, restore, wake} from './restore.ts';
import {createDisk, type StartedQemu, startQemu, untilDockerStarts, watchBoot, withItsEnd} from './start.ts';
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

	async artifacts(_, builder) {
		return {kernel: await builder.kernel(), ...(await builder.disk())};
	},

	snapshots: {recipe: frozenRecipe},

	async up(request) {
		const started: ProcessIdentity[] = [];
		const agents = new Map<string, Promise<GuestAgent>>();
		const agentOf = async (name: string) => {
			const agent = agents.get(name) ?? GuestAgent.connect(name, agentSocket(request.places.runtime, name));
			agents.set(name, agent);
			agent.catch(() => agents.delete(name));
			return agent;
		};
		const down = async () => {
			for (const agent of agents.values()) {
				agent.then(each => each.close()).catch(() => {});
			}

			return takeDown(started);
		};
		// When one of them does not come up, the others stop where they are.
		const failed = new AbortController();
		const signal = AbortSignal.any([request.signal, failed.signal]);
		const stopEarly = () => void down();
		signal.addEventListener('abort', stopEarly, {once: true});
		const together = async <T>(works: Promise<T>[]): Promise<T[]> => {
			try {
				return await Promise.all(works);
			} catch (error) {
				failed.abort(error);
				await Promise.allSettled(works);
				throw error;
			}
		};

		try {
			const up = await bringUp({...request, signal, together, agentOf}, started);
			return {
				...up,
				down,
				troubles: async () => findTroubles(up.machines, request.places.runtime),
				save: async () => freeze(request, up.machines, agentOf),
				behindItsBack: async (machine, command, limit) => (await agentOf(machine)).run(command, limit),
			};
		} catch (error) {
			await down();
			throw error;
		} finally {
			signal.removeEventListener('abort', stopEarly);
		}
	},
};

/** What brings machines up. */
interface Bringing extends BringUp {
	/** As Promise.all, but nothing goes on any more when it rejects. */
	together<T>(works: Promise<T>[]): Promise<T[]>;
	/** The connection to a machine's guest agent: one for as long as the machine is up. */
	agentOf: AgentOf;
}

type AgentOf = (machine: string) => Promise<GuestAgent>;

type Up = Pick<MachinesUp, 'machines' | 'bootSeconds'>;

async function bringUp(request: Bringing, started: ProcessIdentity[]): Promise<Up> {
	const all = request.stations ?? stations(request.cell.topology);
	// The switch takes a moment to start; what does not need it goes on meanwhile.
	const lan = startLan(
		request.places.runtime,
		all.map(({name}) => name),
	).then(pid => remember(started, pid));
	// Whoever waits for it is told; until then nobody does.
	lan.catch(() => {});
	const {identityFile} = await hostKey();
	const {accelerator} = await proveAccelerator(request.artifacts.kernel);
	const parts = await Promise.all(all.map(async station => partsOf(request, station, accelerator)));
	const machines = request.from
		? await restoreAll(request, parts, lan, started)
		: await request.together(parts.map(async part => lan.then(async () => bootMachine(request, part, started))));
	return {
		machines: machines.map(({parts: part, qemu}) => handleOf(part, qemu, identityFile)),
		bootSeconds: Object.fromEntries(machines.map(({parts: part, seconds}) => [part.station.name, seconds])),
	};
}

/** A machine whose Docker API answers. */
interface Booted {
	parts: MachineParts;
	qemu: StartedQemu;
	/** From the start of QEMU. */
	seconds: number;
}

async function partsOf(request: BringUp, station: Station, accelerator: Accelerator): Promise<MachineParts> {
	const {artifacts, cell, from, savable} = request;
	const folder = path.join(request.places.folder, 'machines', station.name);
	fs.mkdirSync(folder, {recursive: true});
	const own = frozenFiles(request.places.disks, station.name);
	const memoryFile = savable
		? {path: own.memory, keep: true}
		: from && {path: frozenFiles(from.folder, from.template ?? station.name).memory, keep: false};
	return {
		station,
		accelerator,
		plain: cell.plain ?? false,
		memory: cell.topology.memory,
		cpus: cell.topology.cpus,
		vmlinuz: artifacts.kernel.vmlinuz,
		initrd: artifacts.kernel.initrd,
		modulesImage: artifacts.kernel.modulesImage,
		disk: own.disk,
		console: path.join(folder, 'console.log'),
		runtime: request.places.runtime,
		publicKey: (await hostKey()).publicKey,
		...(memoryFile && {memoryFile}),
	};
}

/** None runs before all have their state: nodes of a frozen swarm stood still at one moment, and go on at one. */
async function restoreAll(
	request: Bringing,
	parts: MachineParts[],
	lan: Promise<void>,
	started: ProcessIdentity[],
): Promise<Booted[]> {
	const {folder, template} = request.from!;
	const clone = template !== undefined;
	const restored = await request.together(
		parts.map(async part => {
			const {name} = part.station;
			const [machine] = await Promise.all([prepare(part, frozenFiles(folder, template ?? name), {clone}), lan]);
			request.signal.throwIfAborted();
			const stands = await restore(machine, pid => remember(started, pid));
			request.log.machine(name, 'restored');
			return stands;
		}),
	);
	return request.together(
		restored.map(async machine => {
			const {parts: part, qemu} = machine;
			const {name} = part.station;
			const neighbour = request.from!.neighbours?.[name];
			await wake(machine, neighbour, doing => request.log.machine(name, doing));
			// Connected whether somebody needs it or not: see GuestAgent.
			void request.agentOf(name).catch(() => {});
			if (!neighbour) {
				await untilUsable(request, part, qemu, request.signal);
			}

			return {parts: part, qemu, seconds: (Date.now() - qemu.startedAt) / 1000};
		}),
	);
}

async function freeze({places: {runtime, disks}}: BringUp, machines: MachineHandle[], agentOf: AgentOf): Promise<void> {
	await freezeAll(
		await Promise.all(
			machines.map(async ({name, console}) => {
				const agent = await agentOf(name);
				return {name, runtime, console, agent, files: frozenFiles(disks, name)};
			}),
		),
	);
}

async function bootMachine(request: Bringing, parts: MachineParts, started: ProcessIdentity[]): Promise<Booted> {
	const {name} = parts.station;
	for (let attempt = 1; ; attempt++) {
		request.signal.throwIfAborted();
		const own: ProcessIdentity[] = [];
		try {
			return await bootOnceOver(request, parts, pid => {
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
			request.log.machineRetried(name, reasonOf(error), error.consoleTail);
		}
	}
}

async function bootOnceOver(request: Bringing, parts: MachineParts, onStart: (pid: number) => void): Promise<Booted> {
	const {name} = parts.station;
	await createDisk(parts.disk, request.artifacts.engine.disk);
	const qemu = await startQemu(parts);
	await withItsEnd(qemu, name, async () => onStart(qemu.pid));
	await watchBoot(
		parts,
		qemu,
		request.signal,
		async signal => {
			await untilUsable(request, parts, qemu, signal);
		},
		doing => {
			request.log.machine(name, doing);
		},
	);
	// Whether somebody needs it or not: see GuestAgent.
	void request.agentOf(name).catch(() => {});
	return {parts, qemu, seconds: (Date.now() - qemu.startedAt) / 1000};
}

/** Until the machine may be used: its engine answers or, where its disk has none, its ssh. */
async function untilUsable(
	request: BringUp,
	parts: MachineParts,
	qemu: StartedQemu,
	signal: AbortSignal,
): Promise<void> {
	const {name} = parts.station;
	if (request.artifacts.without === 'docker') {
		const {identityFile} = await hostKey();
		await openConnection(handleOf(parts, qemu, identityFile), {signal, limit: limits.boot});
		request.log.machine(name, 'ssh answers');
		return;
	}

	if (!request.from) {
		await untilDockerStarts(parts.console, signal);
	}

	await waitForDocker({handle: handleOf(parts, qemu, '')}, {signal, limit: limits.boot});
	request.log.machine(name, 'Docker answers');
}

function handleOf({station, runtime, console}: MachineParts, qemu: StartedQemu, identityFile: string): MachineHandle {
	return {
		name: station.name,
		role: station.role,
		address: station.address,
		ssh: {
			host: '127.0.0.1',
			port: qemu.sshPort,
			user: 'root',
			identityFile,
			controlPath: path.join(runtime, `ssh-${station.name}`),
		},
		dockerSocket: path.join(runtime, `docker-${station.name}.sock`),
		dockerPort: qemu.dockerPort,
		lanCounters: countersSocket(runtime),
		console,
		pid: qemu.pid,
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
