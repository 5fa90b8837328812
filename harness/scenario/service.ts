/** A service that a scenario or a fixture made: its tasks, and the backends to which the kernel balances. */

import {WaitError} from '../errors.ts';
import {limits} from '../limits.ts';
import {type Look, type Machine, waitUntil} from '../machine/index.ts';
import {
	type Balancer,
	type BalancerPlace,
	byAddress,
	isEligible,
	listNodes,
	listTasks,
	lookForStopped,
	type Overlay,
	readBalancerOf,
	removeService,
	running,
	type ServiceSpec,
	scaleService,
	type Task,
	untilConverged,
	virtualAddresses,
	waitRunning,
} from '../swarm/index.ts';

/** The data of a service that is written to a file, so that another process can use the service. */
export interface ServiceFacts {
	kind: 'service';
	id: string;
	name: string;
	spec: ServiceSpec;
}

/** Stores a measured number of seconds as a metric of the result. */
export type Measure = (name: string, seconds: number) => void;

export class Service {
	readonly id: string;
	readonly name: string;
	readonly spec: ServiceSpec;
	readonly #machines: readonly Machine[];
	readonly #manager: Machine;
	readonly #measure: Measure;
	#replicas: number | 'global';
	#tasks: Task[] = [];

	/** Throws TypeError when none of the machines is a manager. */
	constructor(machines: readonly Machine[], facts: Omit<ServiceFacts, 'kind'>, measure: Measure = () => {}) {
		const manager = machines.find(({role}) => role === 'manager');
		if (!manager) {
			throw new TypeError(`The service ${facts.name} has no manager to ask`);
		}

		this.#machines = machines;
		this.#manager = manager;
		this.#measure = measure;
		this.id = facts.id;
		this.name = facts.name;
		this.spec = facts.spec;
		this.#replicas = facts.spec.replicas ?? 1;
	}

	/** The tasks that ran at the end of the last `settle()`, `tasksRun()` or `scale()`. */
	get tasks(): readonly Task[] {
		return this.#tasks;
	}

	/** Returns all its tasks, ended ones included, as the manager sees them now. */
	async list(): Promise<Task[]> {
		return listTasks(this.#manager, this.id);
	}

	/**
	 * Waits until all its tasks run, and then until every node has converged: its balancers, ports, names and forwarding
	 * entries are those of these tasks. Returns the seconds until the tasks ran; the seconds of convergence are a metric.
	 * Throws NotProvenError with the tasks that do not run, or with what each node lacks.
	 */
	async settle(limit: number = limits.serviceRunning): Promise<number> {
		const seconds = await this.tasksRun(limit);
		await this.converge();
		return seconds;
	}

	/** Waits until all its tasks run, but not for convergence of the nodes. Returns seconds. Throws NotProvenError. */
	async tasksRun(limit: number = limits.serviceRunning): Promise<number> {
		const wanted = this.#replicas === 'global' ? async () => this.#eligibleNodes() : this.#replicas;
		const {value, seconds} = await waitRunning(this.#manager, this.name, wanted, limit);
		this.#tasks = value;
		return seconds;
	}

	/**
	 * Waits until every Ready node has what the managers report of this service and of all others on its networks.
	 * Returns seconds, which are also a metric. Throws NotProvenError with what each node lacks.
	 */
	async converge(limit: number = limits.convergence): Promise<number> {
		const seconds = await converge([this], this.#machines, this.name, limit);
		const count = this.#tasks.length;
		this.#measure(`${count === 1 ? '1 task' : `${count} tasks`} ready on every node`, seconds);
		return seconds;
	}

	/**
	 * Changes the number of tasks. Waits until they run, until the surplus tasks have stopped, and until every node has
	 * converged. Returns the seconds without those of convergence. Throws NotProvenError.
	 */
	async scale(replicas: number): Promise<number> {
		const before = this.#tasks;
		const start = performance.now();
		this.#replicas = replicas;
		await scaleService(this.#manager, this.id, replicas);
		await this.tasksRun();
		const surplus = before.filter(({id}) => !this.#tasks.some(task => task.id === id)).map(({id}) => id);
		await waitUntil(
			`the surplus tasks of ${this.name} stop`,
			lookForStopped(() => this.list(), surplus),
			{
				limit: limits.serviceRunning,
			},
		);
		const seconds = (performance.now() - start) / 1000;
		await this.converge();
		return seconds;
	}

	/** Removes the service and does not wait: its containers end some time later. */
	async remove(): Promise<void> {
		await removeService(this.#manager, this.id);
	}

	/** Returns its virtual address on a network. Throws WaitError if the managers assigned none. */
	async vip(network: Overlay): Promise<string> {
		const address = (await virtualAddresses(this.#manager, this.id))[network.id];
		if (!address) {
			throw new WaitError(`${this.name} has a virtual address on ${network.name}`, 0, 'none');
		}

		return address;
	}

	/** Returns those of `tasks` that run on a machine. */
	on(machine: {name: string}): Task[] {
		return this.#tasks.filter(({node}) => node === machine.name);
	}

	/** Returns the addresses of `tasks` on a network, sorted. */
	addresses(network: Overlay): string[] {
		return this.#tasks.map(({addresses}) => addresses[network.id] ?? '').sort(byAddress);
	}

	/** Reads the kernel's own balancer (IPVS) for the service on a network of a machine; undefined if there is none. */
	async balancer(
		machine: Machine,
		network: Overlay,
		place: BalancerPlace = {network: network.id},
	): Promise<Balancer | undefined> {
		return readBalancerOf(machine, place, await this.vip(network));
	}

	/**
	 * Waits until the kernel of each machine balances to exactly the addresses of `tasks`. Returns seconds.
	 * Machines without a task or client on the network have no balancer for it: leave them out.
	 * Throws NotProvenError with the rows that are missing or stale.
	 */
	async balancedOn(
		machines: readonly Machine[],
		network: Overlay,
		limit: number = limits.serviceRunning,
	): Promise<number> {
		const vip = await this.vip(network);
		const wanted = this.addresses(network);
		const look = async (): Promise<Look<undefined>> => {
			const seen = await Promise.all(
				machines.map(async machine => {
					const balancer = await readBalancerOf(machine, {network: network.id}, vip);
					const there = (balancer?.backends ?? []).filter(({weight}) => weight > 0).map(({address}) => address);
					return {machine, there: there.sort(byAddress)};
				}),
			);
			const wrong = seen.filter(({there}) => there.join() !== wanted.join());
			return wrong.length === 0
				? {done: true, value: undefined}
				: {
						done: false,
						seen: wrong
							.map(({machine, there}) => `${machine.name} balances to ${there.join(', ') || 'nothing'}`)
							.join('; '),
					};
		};
		const {seconds} = await waitUntil(`every node balances ${this.name} (${vip}) to ${wanted.join(', ')}`, look, {
			limit,
			// Each look starts three processes on each machine.
			poll: 1,
		});
		return seconds;
	}

	/**
	 * Returns how many connections the kernel of a machine assigned to each backend, by address. Waits until the counters
	 * stand still, because the kernel sums them up only every two seconds (net/netfilter/ipvs/ip_vs_est.c).
	 */
	async connectionsCounted(machine: Machine, network: Overlay): Promise<Record<string, number>> {
		let before: string | undefined;
		const look = async (): Promise<Look<Record<string, number>>> => {
			const backends = (await this.balancer(machine, network))?.backends ?? [];
			const counted = Object.fromEntries(backends.map(({address, connections}) => [address, connections]));
			const seen = JSON.stringify(counted);
			const still = seen === before;
			before = seen;
			return still ? {done: true, value: counted} : {done: false, seen};
		};
		const {value} = await waitUntil(`the counters of ${this.name} on ${machine.name} stand still`, look, {
			limit: 30,
			poll: 2.2,
		});
		return value;
	}

	toJSON(): ServiceFacts {
		return {kind: 'service', id: this.id, name: this.name, spec: {...this.spec, replicas: this.#replicas}};
	}

	async #eligibleNodes(): Promise<number> {
		const nodes = await listNodes(this.#manager);
		return nodes.filter(node => isEligible(node, this.spec.constraints ?? [])).length;
	}
}

/**
 * Waits until every Ready node has what the managers report of these services and of all others on their networks.
 * The error names `what`. Returns seconds. Throws NotProvenError with what each node lacks.
 */
export async function converge(
	services: readonly Service[],
	machines: readonly Machine[],
	what: string,
	limit: number = limits.convergence,
): Promise<number> {
	const networks = services.flatMap(({spec}) => spec.networks ?? []).map(({id}) => id);
	const scope = {networks: [...new Set(networks)], services: services.map(({id}) => id)};
	return untilConverged(machines, scope, {what, limit});
}

/** Returns the tasks of a service that run now, without waiting. */
export async function runningNow(service: Service): Promise<Task[]> {
	return running(await service.list());
}
