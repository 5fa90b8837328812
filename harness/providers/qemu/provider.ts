/** Machines as QEMU processes of this user, on a LAN of sockets: no bridge, no root, no daemon. */
import {proveAccelerator, qemuVersion} from '../../hypervisor/accelerator.ts';
import {limits} from '../../limits.ts';
import {hostKey} from '../../machine/key.ts';
import type {MachineHandle} from '../../model/index.ts';
import {controlSocket, countersSocket, startLan} from '../../network/lan.ts';
import {endProcesses, type ProcessIdentity} from '../../processes/processes.ts';
import {type BringUp, bootFilesOf, type MachinesUp, type Provider} from '../provider.ts';
import {GuestAgent} from './agent.ts';
import {agentSocket} from './arguments.ts';
import {bootMachine} from './boot.ts';
import {type AgentOf, type BringUpContext, trackProcess} from './bring-up.ts';
import {keep} from './keep.ts';
import {handleOf, partsOf} from './parts.ts';
import {restoreAll} from './restore-all.ts';
import {saveAll, savedFiles} from './save.ts';
import {snapshotRecipe} from './snapshot-recipe.ts';
import {findTroubles} from './troubles.ts';

export const qemuProvider: Provider = {
	facts: async () => ({qemu: await qemuVersion()}),

	refuse({nodes}) {
		const small = nodes.find(({memory}) => memory < 512);
		if (small) {
			return `Machines of ${small.memory} MiB are too small: a node with a running service needs 512 MiB at least`;
		}

		return nodes.length > 200 ? 'More than 200 machines do not fit the address range of one LAN' : undefined;
	},

	async artifacts(_, builder) {
		return {kernel: await builder.kernel(), ...(await builder.disk())};
	},

	faults: ['link', 'node', 'machine', 'power'],

	snapshots: {recipe: snapshotRecipe, keep},

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
		// If one machine does not come up, all others are stopped.
		const failed = new AbortController();
		const signal = AbortSignal.any([request.signal, failed.signal]);
		const stopEarly = () => void down();
		signal.addEventListener('abort', stopEarly, {once: true});
		const allOrNone = async <T>(works: Promise<T>[]): Promise<T[]> => {
			try {
				return await Promise.all(works);
			} catch (error) {
				failed.abort(error);
				await Promise.allSettled(works);
				throw error;
			}
		};

		try {
			const up = await bringUp({...request, signal, allOrNone, agentOf}, started);
			return {
				...up,
				lan: {
					by: 'switch',
					counters: countersSocket(request.places.runtime),
					control: controlSocket(request.places.runtime),
				},
				down,
				troubles: async () => findTroubles(up.machines, request.places.runtime),
				save: async () => saveMachines(request, up.machines, agentOf),
				execOutOfBand: async (machine, command, limit) => (await agentOf(machine)).run(command, limit),
			};
		} catch (error) {
			await down();
			throw error;
		} finally {
			signal.removeEventListener('abort', stopEarly);
		}
	},
};

type Up = Pick<MachinesUp, 'machines' | 'bootSeconds'>;

async function bringUp(request: BringUpContext, started: ProcessIdentity[]): Promise<Up> {
	const {machines: all} = request;
	// The switch takes a moment to start. Steps that do not need it run meanwhile.
	const lan = startLan(
		request.places.runtime,
		all.map(({station}) => station.name),
	).then(pid => trackProcess(started, pid));
	// A failure is thrown where `lan` is awaited. Until then nothing awaits it, so it must not count as unhandled.
	lan.catch(() => {});
	const {identityFile} = await hostKey();
	const {accelerator} = await proveAccelerator(bootFilesOf(all[0]!.artifacts));
	const parts = await Promise.all(all.map(async machine => partsOf(request, machine, accelerator)));
	const machines = request.from
		? await restoreAll(request, parts, lan, started)
		: await request.allOrNone(parts.map(async part => lan.then(async () => bootMachine(request, part, started))));
	return {
		machines: machines.map(({parts: part, qemu}) => handleOf(part, qemu, identityFile)),
		bootSeconds: Object.fromEntries(machines.map(({parts: part, seconds}) => [part.station.name, seconds])),
	};
}

async function saveMachines(
	{places: {runtime, disks}}: BringUp,
	machines: MachineHandle[],
	agentOf: AgentOf,
): Promise<void> {
	await saveAll(
		await Promise.all(
			machines.map(async ({name, console}) => {
				const agent = await agentOf(name);
				return {name, runtime, console, agent, files: savedFiles(disks, name)};
			}),
		),
	);
}

async function takeDown(started: ProcessIdentity[]): Promise<string[]> {
	const left = await endProcesses(started, limits.processStop);
	return left.map(({pid}) => `process ${pid}`);
}
