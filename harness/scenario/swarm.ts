/** The swarm that a scenario uses: what the scenario can make, read and measure. All that it makes is removed after it. */
import {NodeFaultTable} from '../faults/put.ts';
import {limits} from '../limits.ts';
import {type Look, type Machine, type WaitOptions, type WaitResult, waitUntil} from '../machine/index.ts';
import type {CellHandle, Engine, SwarmHandle} from '../model/index.ts';
import {
	createOverlay,
	createService,
	listNetworks,
	listNodes,
	type Overlay,
	type OverlaySpec,
	removeNetworkWhenFree,
	removeService,
	type ServiceSpec,
	type SwarmNode,
	scenarioLabel,
	untilConverged,
} from '../swarm/index.ts';
import {Client} from './client.ts';
import {Clients, clientSpec} from './clients.ts';
import {Faults} from './faults.ts';
import {Load} from './load.ts';
import {Members} from './members.ts';
import {nameAfter} from './naming.ts';
import {type Measure, Service} from './service.ts';
import {Undo} from './undo.ts';
import {upgradeNode} from './upgrade.ts';
import {WatchedSwarm} from './watched-swarm.ts';

/** The swarm of the cell. What a scenario makes with it is removed after the scenario. */
export class Swarm extends WatchedSwarm {
	readonly cell: CellHandle['cell'];
	/** Node ids and tokens at the time when the swarm was formed; tokens may have been rotated since. */
	readonly formed: SwarmHandle;
	readonly metrics: Record<string, number> = {};
	readonly undo = new Undo();
	/** Faults on the links between the nodes and in the nodes. All are healed when the scenario ends. */
	readonly faults: Faults;
	/** Makes nodes join, leave or drain. */
	readonly members: Members;
	/** Names of machines that the scenario takes down on purpose. If they end, it is not trouble of the lab. */
	readonly expectedDowntime = new Set<string>();
	/** Which machines got another engine, one text each. No other scenario runs on this swarm then. */
	readonly upgraded: string[] = [];
	readonly #title: string;
	readonly #made = new Map<string, number>();
	#ports = 0;

	/** Throws TypeError for a cell of a stack. */
	constructor(
		handle: Pick<CellHandle, 'cell' | 'subject' | 'lan' | 'faults' | 'folder'>,
		machines: readonly Machine[],
		title: string,
	) {
		super(machines);
		const {cell, subject, lan, faults = []} = handle;
		if (!('swarm' in subject)) {
			throw new TypeError(`A stack is up in the cell ${cell.id}, and no swarm`);
		}

		this.cell = cell;
		this.formed = subject.swarm;
		this.#title = title;
		this.members = new Members(this.manager, this.undo);
		this.faults = new Faults({
			control: lan?.control,
			nodes: machines.map(({name}) => name),
			by: title,
			...(faults.includes('node') && {table: new NodeFaultTable(handle, machines)}),
			expectedDowntime: this.expectedDowntime,
		});
	}

	get managers(): readonly Machine[] {
		return this.machines.filter(({role}) => role === 'manager');
	}

	get workers(): readonly Machine[] {
		return this.machines.filter(({role}) => role === 'worker');
	}

	/** The first manager, which receives all requests to the swarm. */
	get manager(): Machine {
		return this.managers[0]!;
	}

	/** Returns a machine by name. Throws TypeError if there is none. */
	machine(name: string): Machine {
		const found = this.machines.find(machine => machine.name === name);
		if (!found) {
			throw new TypeError(`There is no machine ${name}; there are ${this.machines.map(each => each.name).join(', ')}`);
		}

		return found;
	}

	/** Returns the nodes as a manager sees them, by default the first one. */
	async nodes(manager: Machine = this.manager): Promise<SwarmNode[]> {
		return listNodes(manager);
	}

	/** Does the same as `members` by another manager, while the first one is down. */
	membersSeenBy(manager: Machine): Members {
		return new Members(manager, this.undo);
	}

	/** Returns the names of the networks that a machine's engine knows. */
	async networksOn(machine: Machine): Promise<string[]> {
		return (await listNetworks(machine)).map(({name}) => name);
	}

	/** Makes an overlay network, by default named after the scenario. Throws EngineError. */
	async overlay(spec: Partial<OverlaySpec> = {}): Promise<Overlay> {
		// A random suffix, because an engine may list a removed network for some time and refuse its name.
		const name = spec.name ?? `${this.#name('net')}-${Math.random().toString(36).slice(2, 6)}`;
		this.undo.add(`remove network ${name}`, () => removeNetworkWhenFree(this.manager, name));
		return createOverlay(this.manager, {...spec, name, labels: {...spec.labels, [scenarioLabel]: this.#title}});
	}

	/**
	 * Makes a service, by default named after the scenario. Waits until its tasks run and every node can reach them by virtual
	 * address, published ports and names. Throws NotProvenError.
	 */
	async service(spec: ServiceSpec & {name?: string}): Promise<Service> {
		const service = await this.startService(spec);
		await service.settle();
		return service;
	}

	/** Makes a service as `service()` does, but does not wait. `settle()` of the returned service waits. */
	async startService({name, ...spec}: ServiceSpec & {name?: string}): Promise<Service> {
		const own = name ?? this.#name('web');
		return new Service(
			this.machines,
			{id: await this.#create(own, spec), name: own, spec},
			this.#measureAs(name ?? 'web'),
		);
	}

	/** Makes a client container on every node of the swarm, on a network. Waits as `service()` does. */
	async clientsOnEveryNode(network: Overlay, {name}: {name?: string} = {}): Promise<Clients> {
		const spec = clientSpec([network]);
		const own = name ?? this.#name('clients');
		const facts = {id: await this.#create(own, spec), name: own, spec};
		const clients = new Clients(this.machines, facts, this.#measureAs(name ?? 'clients'));
		await clients.settle();
		return clients;
	}

	/** Makes one client container, as a service, on a machine (by default the manager). Waits as `service()` does. */
	async clientService(network: Overlay, {name = this.#name('client'), machine = this.manager} = {}): Promise<Client> {
		const spec = {...clientSpec([network]), replicas: 1, constraints: [`node.hostname==${machine.name}`]};
		const service = await this.service({...spec, name});
		return new Client(machine, service.tasks[0]);
	}

	/**
	 * Runs a plain container, as `docker run` does, on a network of a machine, and waits until every node has converged on it.
	 * Throws EngineError when the engine refuses it, NotProvenError with what a node lacks.
	 */
	async plainContainer(machine: Machine, network: Overlay): Promise<Client> {
		const name = this.#name('plain');
		this.undo.add(`remove container ${name}`, () =>
			machine.find(`remove container ${name}`, docker => docker.getContainer(name).remove({force: true})),
		);
		const id = await machine.ask(`run a container on ${network.name}`, async docker => {
			const spec = {
				name,
				Image: 'swarmlab/toolbox:latest',
				HostConfig: {NetworkMode: network.name},
			};
			const container = await docker.createContainer(spec);
			await container.start();
			return container.id;
		});
		await untilConverged(this.machines, {networks: [network.id], services: []}, {what: network.name});
		return new Client(machine, {containerId: id});
	}

	/** The engines to upgrade the nodes to, one after the other; empty unless `needs.upgrade`. */
	get upgrades(): readonly Engine[] {
		return this.cell.upgrade ?? [];
	}

	/**
	 * Upgrades a machine: stops its engine, and starts it again with another one on the same data. Returns the seconds until the
	 * other managers see its node Ready with that engine. The machine is away meanwhile.
	 * @param whileDown runs while it is down
	 * @throws MachineError if it does not come up; NotProvenError if its node does not get Ready
	 */
	async upgrade(machine: Machine, engine: Engine, whileDown?: () => Promise<void>): Promise<number> {
		this.expectedDowntime.add(machine.name);
		this.upgraded.push(`${machine.name} has Docker ${engine.version} now`);
		return upgradeNode(machine, {engine, viewer: this.managers.find(each => each !== machine) ?? machine, whileDown});
	}

	/** Starts a load: each client sends one request after the other until `end()`. */
	load(clients: readonly Client[], url: string): Load {
		const load = new Load(clients, url);
		this.undo.add('end the load', async () => load.end());
		return load;
	}

	/** Returns a client on a machine itself, outside of the swarm's networks, as a user of the published ports is. */
	outside(machine: Machine): Client {
		return new Client(machine);
	}

	/** Returns a port that nothing else in this scenario publishes, well below the ports of clients. */
	port(): number {
		this.#ports += 1;
		return 9000 + this.#ports;
	}

	/** Stores a measured value as a metric of the result. It is in seconds unless the name says otherwise. */
	measure(name: string, value: number): void {
		this.metrics[name] = value;
	}

	/** Waits for the product and stores the seconds as the metric `metric`, if named. Throws NotProvenError. */
	async waitUntil<T>(
		description: string,
		look: () => Promise<Look<T>>,
		{metric, ...options}: Partial<WaitOptions> & {metric?: string} = {},
	): Promise<WaitResult<T>> {
		const waited = await waitUntil(description, look, {limit: limits.serviceRunning, ...options});
		if (metric) {
			this.measure(metric, waited.seconds);
		}

		return waited;
	}

	/** Metrics of a service begin with a short name, because its full name repeats the scenario's title. */
	#measureAs(what: string): Measure {
		return (name, seconds) => this.measure(`${what}: ${name}`, seconds);
	}

	async #create(name: string, spec: ServiceSpec): Promise<string> {
		this.undo.add(`remove service ${name}`, () => removeService(this.manager, name));
		return createService(this.manager, name, {...spec, labels: {...spec.labels, [scenarioLabel]: this.#title}});
	}

	#name(kind: string): string {
		const count = (this.#made.get(kind) ?? 0) + 1;
		this.#made.set(kind, count);
		return nameAfter(this.#title, count === 1 ? kind : `${kind}${count}`);
	}
}
