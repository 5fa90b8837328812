/** What the managers report at one moment of services, tasks and nodes: what every node must have. */
import type {Machine} from '../machine/index.ts';
import {listNodes} from './nodes.ts';

/** A running task, and its addresses. */
interface WantedTask {
	service: string;
	node: string;
	/** By network id. */
	addresses: Record<string, string>;
	pid: number;
}

export interface WantedService {
	id: string;
	name: string;
	/** Virtual addresses by network id; empty when the service has none (dnsrr). */
	virtual: Record<string, string>;
	networks: string[];
	ports: Array<{published: number; protocol: string; mode: string}>;
}

/** What the managers report at one moment. */
export interface Wanted {
	services: WantedService[];
	tasks: WantedTask[];
	/** The nodes that are Ready. */
	nodes: Array<{name: string; engine: string}>;
	/** Id of the network of the routing mesh; undefined when there is none. */
	ingress: string | undefined;
}

interface ApiService {
	ID: string;
	Spec: {
		Name: string;
		TaskTemplate?: {Networks?: Array<{Target: string}>};
		Networks?: Array<{Target: string}>;
		EndpointSpec?: {Mode?: string};
	};
	Endpoint?: {
		VirtualIPs?: Array<{NetworkID: string; Addr?: string}>;
		Ports?: Array<{PublishedPort?: number; Protocol?: string; PublishMode?: string}>;
	};
}

interface ApiTask {
	ServiceID?: string;
	NodeID?: string;
	DesiredState: string;
	Status: {State: string; ContainerStatus?: {PID?: number}};
	NetworksAttachments?: Array<{Network: {ID: string}; Addresses?: string[]}>;
}

/** Reads from a manager what every node must have. Throws EngineError or MachineError. */
export async function readWanted(manager: Machine): Promise<Wanted> {
	const filters = JSON.stringify({'desired-state': ['running']});
	const [services, tasks, nodes, networks] = await Promise.all([
		manager.ask('list services', docker => docker.listServices()) as Promise<unknown> as Promise<ApiService[]>,
		manager.ask('list tasks', docker => docker.listTasks({filters})) as Promise<ApiTask[]>,
		listNodes(manager),
		manager.ask('list networks', docker => docker.listNetworks({filters: JSON.stringify({driver: ['overlay']})})),
	]);
	const names = new Map(nodes.map(({id, name}) => [id, name]));
	return {
		services: services.map(({ID, Spec, Endpoint}) => ({
			id: ID,
			name: Spec.Name,
			virtual: Object.fromEntries(
				(Endpoint?.VirtualIPs ?? []).flatMap(({NetworkID, Addr}) => (Addr ? [[NetworkID, bare(Addr)]] : [])),
			),
			networks: (Spec.TaskTemplate?.Networks ?? Spec.Networks ?? []).map(({Target}) => Target),
			ports: (Endpoint?.Ports ?? []).flatMap(({PublishedPort, Protocol = 'tcp', PublishMode = 'ingress'}) =>
				PublishedPort ? [{published: PublishedPort, protocol: Protocol, mode: PublishMode}] : [],
			),
		})),
		tasks: tasks
			.filter(({DesiredState, Status}) => DesiredState === 'running' && Status.State === 'running')
			.map(({ServiceID, NodeID, Status, NetworksAttachments}) => ({
				service: ServiceID ?? '',
				node: names.get(NodeID ?? '') ?? '',
				addresses: Object.fromEntries(
					(NetworksAttachments ?? []).flatMap(({Network, Addresses}) =>
						Addresses?.[0] ? [[Network.ID, bare(Addresses[0])]] : [],
					),
				),
				pid: Status.ContainerStatus?.PID ?? 0,
			})),
		nodes: nodes.filter(({state}) => state === 'ready').map(({name, engine}) => ({name, engine})),
		// Before API 1.29, only the name identifies it.
		ingress: networks.find(network => (network as {Ingress?: boolean}).Ingress || network.Name === 'ingress')?.Id,
	};
}

/** Removes the prefix length: `10.200.1.3/24` becomes 10.200.1.3. */
function bare(address: string): string {
	return address.split('/')[0]!;
}
