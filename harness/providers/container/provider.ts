/** Machines as privileged containers of a Docker host, with its kernel: a swarm in seconds, where only the engine is in question. */
import fs from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import {variable} from '../../environment.ts';
import {HarnessError, MachineError, NotApplicable} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {attend} from '../../machine/attend.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {waitForDocker} from '../../machine/docker.ts';
import {consoleTail, Machine} from '../../machine/index.ts';
import {type ExecHandle, stackOf} from '../../model/index.ts';
import type {Station} from '../../network/lan.ts';
import type {BringUp, MachineRequest, MachinesUp, Provider} from '../provider.ts';
import {dockerHost, rememberDockerHost} from './docker-host.ts';
import {ensureImage} from './image.ts';
import {makeLan} from './lan.ts';
import {findContainers, removeSwarm} from './leftovers.ts';
import {modulesOn} from './modules.ts';
import {labelsOf, prefixOf} from './names.ts';
import {containerNeeds, type DaemonInfo} from './needs.ts';
import {findTroubles} from './troubles.ts';

export const containerProvider: Provider = {
	needs: containerNeeds,

	refuse(cell) {
		const {nodes, plain} = cell;
		const other = nodes.find(({kernel}) => kernel.source.type !== 'host');
		if (other) {
			return `Containers run on the kernel of their Docker host, not on ${other.kernel.label}: leave --kernel out, or choose machines`;
		}

		if (stackOf(cell)) {
			return 'A stack needs a machine with a kernel of its own, which a container is not';
		}

		if (plain) {
			return "The engine of a container is started as quick machines start theirs, so containers are never plain; QEMU's machines are";
		}

		return nodes.length > 200 ? 'More than 200 machines do not fit the address range of one LAN' : undefined;
	},

	upgrades: true,

	async artifacts(_, builder) {
		const {file, key, version} = await builder.tree();
		return {engine: {disk: file, name: key, version}};
	},

	async up(request) {
		const url = dockerHost();
		const docker = openDaemon(url);
		rememberDockerHost(url);
		const swarm = path.basename(request.places.runtime);
		const down = async () => removeSwarm(url, swarm);
		// Who waits for a container that is removed need wait no longer.
		const stopEarly = () => void down();
		request.signal.addEventListener('abort', stopEarly, {once: true});
		try {
			const {machines, bootSeconds} = await bringUp(request, docker, url);
			return {
				machines,
				bootSeconds,
				troubles: async () => findTroubles(docker, machines),
				execOutOfBand: async (name, command, limit = limits.agentCommand) => {
					const handle = machines.find(machine => machine.name === name)!;
					const {exitCode, stdout, stderr} = await new Machine(handle).exec(command, {timeout: limit});
					return {exitCode, output: `${stdout}${stderr}`};
				},
				down,
			};
		} catch (error) {
			await down();
			throw error;
		} finally {
			request.signal.removeEventListener('abort', stopEarly);
		}
	},

	leftovers: async () => findContainers(),
};

interface Up extends Pick<MachinesUp, 'bootSeconds'> {
	machines: ExecHandle[];
}

async function bringUp(request: BringUp, docker: Docker, url: string): Promise<Up> {
	const {places, signal, log} = request;
	const info = await infoOf(docker, url);
	refuseOn(info, request.machines);
	const images = new Map<string, string>();
	const disks = request.machines.flatMap(({artifacts: {engine, upgrades = {}}}) => [
		engine,
		...Object.values(upgrades),
	]);
	for (const disk of disks) {
		images.set(disk.disk, images.get(disk.disk) ?? (await ensureImage(docker, url, disk)));
		signal.throwIfAborted();
	}

	const labels = labelsOf(places.runtime);
	const prefix = prefixOf(places.runtime);
	const lan = await makeLan(docker, `${prefix}lan`, {labels, stations: request.machines.map(({station}) => station)});
	const startNode = await loadLibrary(url);
	const [image] = images.values();
	const modules = await modulesOn(docker, {image: image!, release: info.KernelVersion, labels});
	const start = performance.now();
	const bootSeconds: Record<string, number> = {};
	const works = lan.stations.map(async (station, index) => {
		const {node, artifacts} = request.machines[index]!;
		const console = consoleOf(request, station);
		log.machine(station.name, `its container starts, on kernel ${info.KernelVersion} of the Docker host`);
		const {memory, cpus} = node;
		const name = `${prefix}${station.name}`;
		const container = await startNode({
			image: images.get(artifacts.engine.disk)!,
			name,
			station,
			lan: lan.name,
			labels,
			memory,
			cpus,
			console,
			...(modules && {modules}),
		}).catch((error: unknown) => {
			throw troubleOf(station, console, error);
		});
		bootSeconds[station.name] = (performance.now() - start) / 1000;
		const socket = path.join(places.runtime, `docker-${station.name}.sock`);
		return {station, console, container, name, socket, upgrades: artifacts.upgrades};
	});
	const started = await untilAll(works, signal);
	const said = started.find(({console}) => consoleTail(console, 50).some(line => line.includes('swarmlab: FATAL')));
	if (said) {
		throw troubleOf(
			said.station,
			said.console,
			consoleTail(said.console, 50).find(line => line.includes('FATAL')),
		);
	}

	attend(
		started.map(({container, socket, console}) => ({daemon: url, container, socket, console})),
		path.join(places.folder, 'attend.log'),
	);
	const machines = await Promise.all(
		started.map(async ({station, console, container, name, socket, upgrades}): Promise<ExecHandle> => {
			const pid = await pidOf(docker, container);
			const {role, address} = station;
			const others = Object.entries(upgrades ?? {}).map(([label, {disk}]) => [label, images.get(disk)!] as const);
			return {
				name: station.name,
				role,
				address,
				console,
				reach: {by: 'docker-exec', daemon: url, container: name},
				engine: {socket},
				pid,
				...(others.length > 0 && {upgrades: Object.fromEntries(others)}),
			};
		}),
	);
	await Promise.all(
		machines.map(async handle => {
			await waitForDocker({handle}, {signal});
			log.machine(handle.name, 'Docker answers');
		}),
	);
	return {machines, bootSeconds};
}

/** When one does not come up the others are waited for, so that what they made is there to be removed. */
async function untilAll<T>(works: Promise<T>[], signal: AbortSignal): Promise<T[]> {
	const settled = await Promise.allSettled(works);
	signal.throwIfAborted();
	return settled.map(each => {
		if (each.status === 'rejected') {
			throw each.reason;
		}

		return each.value;
	});
}

async function infoOf(docker: Docker, url: string): Promise<DaemonInfo> {
	try {
		return (await docker.info()) as DaemonInfo;
	} catch (error) {
		throw new HarnessError(`The Docker host ${url} does not answer: ${(error as Error).message}`, {
			cause: error,
			remedy: 'swarmlab doctor --provider container',
		});
	}
}

/** Checks what only the Docker host knows. Throws NotApplicable. */
function refuseOn({CgroupVersion}: DaemonInfo, machines: readonly MachineRequest[]): void {
	const versions = machines.map(({node}) => node.engine.version);
	const old = versions.find(version => version.localeCompare('20.10', 'en', {numeric: true}) < 0);
	if (CgroupVersion === '2' && old !== undefined) {
		throw new NotApplicable(`Docker ${old} knows control groups v1 only, and the Docker host has v2`);
	}
}

/** The library reads its environment once, when it is loaded, and keeps one client a process. */
async function loadLibrary(url: string) {
	process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
	process.env.DOCKER_HOST = url;
	// Otherwise it looks, in a container, for the gateway of a network that the Docker host may not have.
	process.env.TESTCONTAINERS_HOST_OVERRIDE = variable('TESTCONTAINERS_HOST_OVERRIDE') ?? 'localhost';
	const {startNode} = await import('./node.ts');
	return startNode;
}

function consoleOf({places}: BringUp, {name}: Station): string {
	const folder = path.join(places.folder, 'machines', name);
	fs.mkdirSync(folder, {recursive: true});
	return path.join(folder, 'console.log');
}

function troubleOf({name}: Station, console: string, error: unknown): MachineError {
	const why = error instanceof Error ? error.message : String(error);
	return new MachineError(name, `did not come up: ${why}`, {
		cause: error,
		remedy: `Read its console: ${console}`,
		consoleTail: consoleTail(console),
	});
}

/** Process id of a container's first process, where it is a process of this host that this user may look after. */
async function pidOf(docker: Docker, container: string): Promise<number | undefined> {
	const {State} = await docker.getContainer(container).inspect();
	try {
		process.kill(State.Pid, 0);
		return fs.readFileSync(`/proc/${State.Pid}/cgroup`, 'utf8').includes(container) ? State.Pid : undefined;
	} catch {
		return undefined;
	}
}
