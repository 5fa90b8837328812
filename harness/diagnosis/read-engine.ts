/** Reads answers of the engine's API: networks with their peers and tasks, and the tasks of the managers. Pure. */

export interface NetworkView {
	name: string;
	id: string;
	ingress: boolean;
	subnet: string | undefined;
	encrypted: boolean;
	/** Tasks answer clients themselves (`--opt dsr`). */
	direct: boolean;
	/** Addresses of the nodes that take part, as gossip has them. */
	peers: string[];
	/** What gossip calls the nodes, with the address of each. */
	gossipNames: Map<string, string>;
	/** Endpoint addresses of services and balancers, and the node of each. */
	tasks: {service: string; name: string; address: string; host: string | undefined}[];
	/** Endpoints on this node, by address. */
	endpoints: Map<string, {name: string; hardware: string}>;
}

export interface TaskView {
	id: string;
	service: string;
	node: string;
	/** What the managers want of it, and what it is. */
	desired: string;
	state: string;
	message: string;
	/** Seconds since 1970, by the clock of its node, when it got into this state; NaN if that is not known. */
	since: number;
	/** Addresses by the id of the network. */
	addresses: Map<string, string>;
}

/** Parses JSON texts that follow each other, each from the first column on. Text that is cut off is left out. */
function documents(text: string): unknown[] {
	return text.split(/^(?=[[{])/m).flatMap(part => {
		try {
			return [JSON.parse(part)];
		} catch {
			return [];
		}
	});
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many versions, each part of which may be missing
type Json = Record<string, any>;

/** Reads the answers about single networks; the list before them has no peers. */
export function readNetworks(text: string): NetworkView[] {
	return documents(text).flatMap(each => {
		const network = each as Json;
		if (Array.isArray(each) || network.Driver !== 'overlay') {
			return [];
		}

		const services = Object.entries((network.Services ?? {}) as Record<string, Json>);
		return {
			name: String(network.Name),
			id: String(network.Id),
			ingress: network.Ingress === true,
			subnet: network.IPAM?.Config?.[0]?.Subnet as string | undefined,
			encrypted: 'encrypted' in (network.Options ?? {}),
			direct: 'dsr' in (network.Options ?? {}),
			peers: ((network.Peers ?? []) as Json[]).map(({IP}) => String(IP)).sort(),
			gossipNames: new Map(((network.Peers ?? []) as Json[]).map(({Name, IP}) => [String(Name), String(IP)])),
			tasks: services.flatMap(([service, {Tasks}]) =>
				((Tasks ?? []) as Json[]).map(task => ({
					service,
					name: String(task.Name),
					address: String(task.EndpointIP),
					host: task.Info?.['Host IP'] as string | undefined,
				})),
			),
			endpoints: new Map(
				Object.values((network.Containers ?? {}) as Record<string, Json>).map(({Name, IPv4Address, MacAddress}) => [
					String(IPv4Address).replace(/\/.*/, ''),
					{name: String(Name), hardware: String(MacAddress)},
				]),
			),
		};
	});
}

/** Returns the tasks of `/tasks`; undefined if it is no list. */
export function readTasks(text: string): TaskView[] | undefined {
	const list = documents(text).find(Array.isArray) as Json[] | undefined;
	return list?.map(task => ({
		id: String(task.ID),
		service: String(task.ServiceID),
		node: String(task.NodeID),
		desired: String(task.DesiredState),
		state: String(task.Status?.State),
		message: String(task.Status?.Err ?? task.Status?.Message ?? ''),
		since: Date.parse(task.Status?.Timestamp) / 1000,
		addresses: new Map(
			((task.NetworksAttachments ?? []) as Json[]).flatMap(({Network, Addresses}) =>
				Addresses?.[0] ? [[String(Network?.ID), String(Addresses[0]).replace(/\/.*/, '')] as const] : [],
			),
		),
	}));
}

export interface MemberView {
	id: string;
	name: string;
	address: string;
	/** `ready`, `down` … */
	state: string;
	message: string;
	availability: string;
}

/** Returns the nodes of `/nodes`; undefined if it is no list. */
export function readMembers(text: string): MemberView[] | undefined {
	const list = documents(text).find(Array.isArray) as Json[] | undefined;
	return list?.map(node => ({
		id: String(node.ID),
		name: String(node.Description?.Hostname),
		address: String(node.Status?.Addr),
		state: String(node.Status?.State),
		message: String(node.Status?.Message ?? ''),
		availability: String(node.Spec?.Availability),
	}));
}

export interface ServiceView {
	id: string;
	name: string;
	/** Networks on which it has a virtual address, by their ids. */
	virtual: Map<string, string>;
	/** Ports that the routing mesh publishes: `tcp 8080`. */
	ports: string[];
	/** Ports of its containers to which published ones lead, each once: `tcp 80`. */
	targets: string[];
	/** What the engine says of an update, or of a rollback, that it has paused. */
	paused?: string;
}

/** Returns the services of `/services`; undefined if it is no list. */
export function readServices(text: string): ServiceView[] | undefined {
	const list = documents(text).find(Array.isArray) as Json[] | undefined;
	return list?.map(({ID, Spec, Endpoint, UpdateStatus}) => ({
		id: String(ID),
		name: String(Spec?.Name),
		virtual: new Map(
			((Endpoint?.VirtualIPs ?? []) as Json[]).map(({NetworkID, Addr}) => [
				String(NetworkID),
				String(Addr ?? '').replace(/\/.*/, ''),
			]),
		),
		ports: ((Endpoint?.Ports ?? []) as Json[]).flatMap(({Protocol, PublishedPort, PublishMode}) =>
			PublishMode === 'ingress' ? [`${Protocol} ${PublishedPort}`] : [],
		),
		targets: [
			...new Set(((Endpoint?.Ports ?? []) as Json[]).map(({Protocol, TargetPort}) => `${Protocol} ${TargetPort}`)),
		],
		...(/paused$/.test(UpdateStatus?.State) && {paused: String(UpdateStatus.Message)}),
	}));
}

export interface ContainerView {
	id: string;
	name: string;
	running: boolean;
	/** Seconds since 1970, by the clock of its node, when it was started; NaN if that is not known. */
	since: number;
	/** The file of its network namespace, without the folder. */
	namespace: string;
	/** Names of the networks that it is on. */
	networks: string[];
}

/** Reads the answers about single containers; the list before them has no state. */
export function readContainers(text: string): ContainerView[] {
	return documents(text).flatMap(each => {
		const container = each as Json;
		return Array.isArray(each) || !container.State
			? []
			: {
					id: String(container.Id),
					name: String(container.Name).replace(/^\//, ''),
					running: container.State.Running === true,
					since: Date.parse(container.State.StartedAt) / 1000,
					namespace: String(container.NetworkSettings?.SandboxKey ?? '').replace(/^.*\//, ''),
					networks: Object.keys((container.NetworkSettings?.Networks ?? {}) as Json),
				};
	});
}
