/** A client on every node: the tasks of one global service, whose name resolves to their addresses (dnsrr). */
import type {Machine} from '../machine/index.ts';
import type {ServiceSpec} from '../swarm/index.ts';
import {Client} from './client.ts';
import {type Measure, Service, type ServiceFacts} from './service.ts';

export interface ClientsFacts extends Omit<ServiceFacts, 'kind'> {
	kind: 'clients';
}

/** The clients of one global service, one on each node. */
export class Clients extends Service implements Iterable<Client> {
	readonly #machines: readonly Machine[];
	#clients = new Map<string, Client>();

	constructor(machines: readonly Machine[], facts: Omit<ClientsFacts, 'kind'>, measure?: Measure) {
		super(machines, facts, measure);
		this.#machines = machines;
	}

	/** Iterates over the clients that run, in the order of the machines. */
	[Symbol.iterator](): Iterator<Client> {
		const found = this.#machines.flatMap(machine => this.#clients.get(machine.name) ?? []);
		return found[Symbol.iterator]();
	}

	/** Returns the client on a machine. Throws TypeError when none ran there at the last `tasksRun()` or `settle()`. */
	at(machine: {name: string}): Client {
		const client = this.#clients.get(machine.name);
		if (!client) {
			throw new TypeError(
				`There is no client on ${machine.name}; there are on ${[...this.#clients.keys()].join(', ')}`,
			);
		}

		return client;
	}

	override async tasksRun(limit?: number): Promise<number> {
		const seconds = await super.tasksRun(limit);
		// A client is kept while its container is the same.
		this.#clients = new Map(
			this.tasks.flatMap(task => {
				const machine = this.#machines.find(({name}) => name === task.node);
				const known = this.#clients.get(task.node);
				return machine
					? [[task.node, known?.containerId === task.containerId ? known : new Client(machine, task)]]
					: [];
			}),
		);
		return seconds;
	}

	override toJSON(): ServiceFacts {
		return {...super.toJSON(), kind: 'clients' as ServiceFacts['kind']};
	}
}

/** Returns the service of client containers. Their grace period is short, because they have no work to finish. */
export function clientSpec(network: ServiceSpec['networks']): ServiceSpec {
	return {
		image: 'toolbox',
		replicas: 'global',
		networks: network,
		endpointMode: 'dnsrr',
		stopGrace: 1,
	};
}
