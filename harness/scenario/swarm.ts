/** The swarm as a scenario meets it: what it can make, ask and measure. All that it makes is removed after it. */
import {limits} from '../limits.ts';
import {type Look, type Machine, type WaitOptions, type WaitResult, waitUntil} from '../machine/index.ts';
import type {CellHandle, SwarmHandle} from '../model/index.ts';
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
import {Members} from './members.ts';
import {nameAfter} from './naming.ts';
import {type Measure, Service} from './service.ts';
import {Undo} from './undo.ts';

export class Swarm {
	readonly machines: readonly Machine[];
	readonly cell: CellHandle['cell'];
	/** What the cell was formed with; tokens may have been rotated since. */
	readonly formed: SwarmHandle;
	readonly metrics: Record<string, number> = {};
	readonly undo = new Undo();
	/** Joining, leaving, draining. */
	readonly members: Members;
	/** Machines that the scenario takes down on purpose: their death is not the lab's. */
	readonly expectedDowntime = new Set<string>();
	readonly #title: string;
	readonly #made = new Map<string, number>();
	#ports = 0;

	/** Throws TypeError for a cell of a stack. */
	constructor({cell, subject}: Pick<CellHandle, 'cell' | 'subject'>, machines: readonly Machine[], title: string) {
		if (!('swarm' in subject)) {
			throw new TypeError(`A stack is up in the cell ${cell.id}, and no swarm`);
		}

		this.machines = machines;
		this.cell = cell;
		this.formed = subject.swarm;
		this.#title = title;
		this.members = new Members(this.manager, this.undo);
	}

	get managers(): readonly Machine[] {
		return this.machines.filter(({role}) => role === 'manager');
	}

	get workers(): readonly Machine[] {
		return this.machines.filter(({role}) => role === 'worker');
	}

	/** The first manager: whom we ask. */
	get manager(): Machine {
		return this.managers[0]!;
	}

	/** A machine by name. Throws TypeError. */
	machine(name: string): Machine {
		const found = this.machines.find(machine => machine.name === name);
		if (!found) {
			throw new TypeError(`There is no machine ${name}; there are ${this.machines.map(each => each.name).join(', ')}`);
		}

		return found;
	}

	/** The nodes as the manager sees them. */
	async nodes(): Promise<SwarmNode[]> {
		return listNodes(this.manager);
	}

	/** The networks that a machine's engine knows, by name. */
	async networksOn(machine: Machine): Promise<string[]> {
		return (await listNetworks(machine)).map(({name}) => name);
	}

	/** Makes an overlay network, named after the scenario unless named. */
	async overlay(spec: Partial<OverlaySpec> = {}): Promise<Overlay> {
		// A name is not free again at once: an engine may list a removed network for some time, and refuse the name.
		const name = spec.name ?? `${this.#name('net')}-${Math.random().toString(36).slice(2, 6)}`;
		this.undo.add(`remove network ${name}`, () => removeNetworkWhenFree(this.manager, name));
		return createOverlay(this.manager, {...spec, name, labels: {...spec.labels, [scenarioLabel]: this.#title}});
	}

	/**
	 * Makes a service, named after the scenario unless named. Waits until its tasks run and every node can reach them by every
	 * way: virtual address, published ports, names. Throws NotProvenError.
	 */
	async service(spec: ServiceSpec & {name?: string}): Promise<Service> {
		const service = await this.startService(spec);
		await service.settle();
		return service;
	}

	/** As `service`, without waiting for anything: `settle()` of what it returns does. */
	async startService({name, ...spec}: ServiceSpec & {name?: string}): Promise<Service> {
		const own = name ?? this.#name('web');
		return new Service(
			this.machines,
			{id: await this.#create(own, spec), name: own, spec},
			this.#measureAs(name ?? 'web'),
		);
	}

	/** A client container on every node of the swarm, on a network. */
	async clientsOnEveryNode(network: Overlay, {name}: {name?: string} = {}): Promise<Clients> {
		const spec = clientSpec([network]);
		const own = name ?? this.#name('clients');
		const facts = {id: await this.#create(own, spec), name: own, spec};
		const clients = new Clients(this.machines, facts, this.#measureAs(name ?? 'clients'));
		await clients.settle();
		return clients;
	}

	/** One client container as a service, on a machine. */
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

	/** Asks from a machine itself, outside of the swarm's networks, as a user of the published ports does. */
	outside(machine: Machine): Client {
		return new Client(machine);
	}

	/** A port that nothing else in this scenario publishes; well below those that clients get. */
	port(): number {
		this.#ports += 1;
		return 9000 + this.#ports;
	}

	/** Keeps a measured value with the result; seconds unless the name says otherwise. */
	measure(name: string, value: number): void {
		this.metrics[name] = value;
	}

	/** Waits for the product and keeps the seconds as a metric under `metric`. Throws NotProvenError. */
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

	/** Metrics of a service are told by what it is, as its full name repeats the scenario's title. */
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
