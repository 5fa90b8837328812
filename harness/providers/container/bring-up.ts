/** Brings the containers of a swarm up: images and network, then all nodes at once. */
import fs from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import {HarnessError, MachineError, NotApplicable} from '../../errors.ts';
import {Attendant} from '../../machine/attend.ts';
import {waitForDocker} from '../../machine/docker.ts';
import {consoleTail} from '../../machine/index.ts';
import {variantTrouble} from '../../machine/variant-trouble.ts';
import type {DaemonAddress, ExecHandle, HelperHandle} from '../../model/index.ts';
import type {Station} from '../../network/lan.ts';
import type {BringUp, MachineRequest, MachinesUp} from '../provider.ts';
import {logOf} from './container-log.ts';
import type {DaemonInfo} from './daemon-checks.ts';
import {readInfo} from './daemon-info.ts';
import {connectHelpers, ensureHelpers} from './helpers.ts';
import {makeLan} from './lan.ts';
import {type Library, loadLibrary} from './library.ts';
import {modulesOn} from './modules.ts';
import {labelsOf, prefixOf} from './names.ts';
import {whileItAnswers} from './while-it-answers.ts';

interface Up extends Pick<MachinesUp, 'bootSeconds'> {
	machines: ExecHandle[];
	helpers: HelperHandle[];
}

/** `docker` is a client of the Docker host. Where it throws, what it has made is still there, with the labels of the swarm. */
export async function bringUp(request: BringUp, docker: Docker, daemon: DaemonAddress): Promise<Up> {
	const {places, signal, log} = request;
	const attendant = new Attendant(path.join(places.folder, 'attend.log'));
	try {
		const [info, library] = await Promise.all([readInfo(daemon), loadLibrary(daemon)]);
		refuseOn(info, request.machines);
		const {lan, imageOf, modules, helpers} = await makeSurroundings(request, docker, daemon, {
			library,
			release: info.KernelVersion,
		});
		const start = performance.now();
		const bootSeconds: Record<string, number> = {};
		const works = lan.stations.map(async (station, index): Promise<Started> => {
			const {node, artifacts} = request.machines[index]!;
			const console = consoleOf(request, station);
			log.machine(station.name, `its container starts, on kernel ${info.KernelVersion} of the Docker host`);
			const name = `${prefixOf(places.runtime)}${station.name}`;
			const container = await library
				.startNode({
					image: imageOf(artifacts.engine.disk),
					name,
					station,
					lan: lan.name,
					labels: labelsOf(places.runtime),
					memory: node.memory,
					cpus: node.cpus,
					console,
					helpers,
					ownImages: Object.keys(artifacts.upgrades ?? {}).length > 0,
					...(modules && {modules}),
					variant: node.variant,
				})
				.catch((error: unknown) => {
					throw troubleOf(station, console, error);
				});
			bootSeconds[station.name] = (performance.now() - start) / 1000;
			const socket = path.join(places.runtime, `docker-${station.name}.sock`);
			const others = Object.entries(artifacts.upgrades ?? {}).map(([label, {disk}]) => [label, imageOf(disk)] as const);
			return {station, console, container, name, socket, upgrades: Object.fromEntries(others)};
		});
		const started = await untilAll(works, request, daemon);
		await refuseFatal(started, request, docker);
		const [machines] = await Promise.all([
			Promise.all(started.map(async each => handleOf(each, docker, daemon))),
			attendant
				.attend(started.map(({container, socket, console}) => ({daemon, container, socket, console})))
				.catch(error => {
					throw new HarnessError((error as Error).message, {cause: error});
				}),
		]);
		await Promise.all(
			machines.map(async handle => {
				await waitForDocker({handle}, {signal});
				log.machine(handle.name, 'Docker answers');
			}),
		);
		return {machines, helpers, bootSeconds};
	} finally {
		attendant.dismiss();
	}
}

interface Started {
	station: Station;
	console: string;
	container: string;
	/** Of the container. */
	name: string;
	socket: string;
	/** Images, by the labels of the engines that it may be upgraded to. */
	upgrades: Record<string, string>;
}

/** Makes what nodes need: their network, their images and their helper containers, at once; finds the modules of kernel `release`. */
async function makeSurroundings(
	request: BringUp,
	docker: Docker,
	daemon: DaemonAddress,
	{library, release}: {library: Library; release: string},
) {
	const {machines, places, signal, log} = request;
	const [labels, prefix] = [labelsOf(places.runtime), prefixOf(places.runtime)];
	const images = new Map<string, Promise<string>>();
	const disks = machines.flatMap(({station, artifacts: {engine, upgrades = {}}}) =>
		[engine, ...Object.values(upgrades)].map(disk => ({station, engine: disk})),
	);
	for (const {station, engine} of disks) {
		const onProgress = (doing: string) => log.machine(station.name, doing);
		const image = images.get(engine.disk) ?? library.ensureImage(engine, {daemon, prefix, labels, onProgress});
		images.set(engine.disk, image);
	}

	const lan = makeLan(docker, `${prefix}lan`, {labels, stations: machines.map(({station}) => station)});
	// Where an image cannot be made, the network is waited for, so that it is there to be removed.
	const whenNetworked = lan.catch(() => {});
	const {services = []} = request.cell;
	const helping = request.helpers
		? ensureHelpers(services, request.helpers, {daemon: hostOf(daemon), library, signal, say: log.machine})
		: Promise.resolve([]);
	helping.catch(() => {});
	const names = await untilAll([...images.values()], request, daemon).finally(() => whenNetworked);
	const modules = await modulesOn(docker, {image: names[0]!, release, labels});
	const [those] = await untilAll([helping], request, daemon);
	const helpers = await connectHelpers(docker, those!, await lan);
	return {lan: await lan, imageOf: (disk: string) => names[[...images.keys()].indexOf(disk)]!, modules, helpers};
}

/** Helper containers outlive the swarm, and so the socket of its forward. */
function hostOf({socket: _, ...host}: DaemonAddress): DaemonAddress {
	return host;
}

/** A node says so when it knows that it never comes up. Throws MachineError, or VariantRefused if that is why. */
async function refuseFatal(started: readonly Started[], {machines}: BringUp, docker: Docker): Promise<void> {
	for (const {station, console, container} of started) {
		const {node} = machines.find(each => each.station.name === station.name)!;
		if (node.variant) {
			// The file may lack the last of what it said.
			const trouble = variantTrouble(await logOf(docker.getContainer(container)), node);
			if (trouble) {
				throw trouble;
			}
		}

		const fatal = consoleTail(console, 50).find(line => line.includes('swarmlab: FATAL'));
		if (fatal) {
			throw troubleOf(station, console, fatal);
		}
	}
}

async function handleOf(
	{station, console, container, name, socket, upgrades}: Started,
	docker: Docker,
	daemon: DaemonAddress,
) {
	const {role, address} = station;
	const pid = await pidOf(docker, container);
	const reach = {by: 'docker-exec' as const, daemon, container: name};
	const more = Object.keys(upgrades).length > 0 ? {upgrades} : {};
	return {
		name: station.name,
		role,
		address,
		console,
		reach,
		engine: {socket},
		pid,
		power: {by: 'docker' as const},
		...more,
	} satisfies ExecHandle;
}

/** When one does not come up the others are waited for, so that what they made is there to be removed. */
async function untilAll<T>(works: Promise<T>[], {signal}: BringUp, daemon: DaemonAddress): Promise<T[]> {
	const settled = await whileItAnswers(Promise.allSettled(works), async () => readInfo(daemon));
	signal.throwIfAborted();
	return settled.map(each => {
		if (each.status === 'rejected') {
			throw each.reason;
		}

		return each.value;
	});
}

/** Checks what only the Docker host knows. Throws NotApplicable. */
function refuseOn({CgroupVersion}: DaemonInfo, machines: readonly MachineRequest[]): void {
	const versions = machines.map(({node}) => node.engine.version);
	const old = versions.find(version => version.localeCompare('20.10', 'en', {numeric: true}) < 0);
	if (CgroupVersion === '2' && old !== undefined) {
		throw new NotApplicable(`Docker ${old} knows control groups v1 only, and the Docker host has v2`);
	}
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
