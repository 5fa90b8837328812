/**
 * Convergence: whether every node has what the managers report, for every way by which a client may connect. Nodes learn of
 * tasks by gossip, so a service whose tasks all run may not be reachable from every node yet.
 * Sources: moby libnetwork/agent.go (handleEpTableEvent), service_linux.go (addLBBackend, programIngress),
 * drivers/overlay/peerdb.go (peerAdd).
 */
import {limits} from '../limits.ts';
import {type Look, type Machine, waitUntil} from '../machine/index.ts';
import {byAddress} from './address-order.ts';
import {lackingFor} from './kernel.ts';
import {type NameQuestion, type NodeSight, readSight} from './sight.ts';
import {readWanted, type Wanted, type WantedService} from './wanted.ts';

/** What is checked: everything on these networks, and the ports of these services. */
export interface Scope {
	/** Ids of overlay networks. */
	networks: readonly string[];
	/** Ids of services. */
	services: readonly string[];
}

/** Returns the names to resolve on a node: those of every service on the networks, in a container that is on the network. */
export function questionsFor(node: string, {services, tasks}: Wanted, networks: readonly string[]): NameQuestion[] {
	return networks.flatMap(network => {
		const asked = tasks.find(task => task.node === node && task.pid > 0 && task.addresses[network]);
		// The engine forwards a name that it does not know to other servers, which can take long. So ask only for names that
		// it must know.
		const names = services
			.filter(({id, networks: on}) => on.includes(network) && tasks.some(({service}) => service === id))
			.map(({name}) => name);
		return asked ? [{network, pid: asked.pid, names: names.flatMap(name => [name, `tasks.${name}`])}] : [];
	});
}

/**
 * What each node lacks, or has beyond what the managers say: one sentence each. Empty: it has converged. Pure.
 * @param unbalanced nodes whose kernel has no balancer: theirs is not waited for
 */
export function lacksOf(
	wanted: Wanted,
	sights: ReadonlyMap<string, NodeSight>,
	scope: Scope,
	unbalanced: ReadonlySet<string> = new Set(),
): string[] {
	const published = wanted.services.filter(({id}) => scope.services.includes(id));
	const mesh = published.flatMap(service =>
		service.ports.filter(({mode}) => mode === 'ingress').map(port => ({service, port})),
	);
	const host = published.flatMap(service =>
		service.ports.filter(({mode}) => mode === 'host').map(port => ({service, port})),
	);
	const overlays = [...scope.networks, ...(mesh.length > 0 && wanted.ingress ? [wanted.ingress] : [])];
	return [...sights].flatMap(([node, sight]) =>
		[
			...(unbalanced.has(node) ? [] : lacksOfBalancers(node, sight, wanted, scope.networks)),
			...overlays.flatMap(network => lacksOfForwarding(node, sights, wanted, network)),
			...scope.networks.flatMap(network => lacksOfNames(sight, wanted, network)),
			...(unbalanced.has(node) ? [] : mesh).flatMap(({service, port}) => lacksOfMesh(sight, wanted, service, port)),
			...host.flatMap(({service, port}) => lacksOfHostPort(node, sight, wanted, service, port)),
		].map(what => `${node}: ${what}`),
	);
}

function tasksOf({tasks}: Wanted, service: WantedService, network: string): string[] {
	return tasks
		.filter(task => task.service === service.id)
		.flatMap(({addresses}) => addresses[network] ?? [])
		.sort(byAddress);
}

function lacksOfBalancers(node: string, sight: NodeSight, wanted: Wanted, networks: readonly string[]): string[] {
	return networks.flatMap(network => lacksOfBalancer(node, sight, wanted, network));
}

function lacksOfBalancer(node: string, sight: NodeSight, wanted: Wanted, network: string): string[] {
	const balancer = sight.balancers.get(network.slice(0, 9));
	if (!balancer) {
		// A node without a task on the network has no balancer. Engines before 18.06 have one in each container.
		const {engine} = wanted.nodes.find(({name}) => name === node) ?? {engine: ''};
		const needs =
			wanted.services.some(({virtual}) => virtual[network]) &&
			wanted.tasks.some(task => task.node === node && task.addresses[network]) &&
			engine.localeCompare('18.06', 'en', {numeric: true}) >= 0;
		return needs ? ['it has no balancer on the network'] : [];
	}

	return wanted.services
		.filter(service => service.virtual[network])
		.flatMap(service => {
			const virtual = service.virtual[network]!;
			const addresses = tasksOf(wanted, service, network);
			return differs(`${service.name} (${virtual})`, balancer, balancer.marksByAddress.get(virtual), addresses);
		});
}

function differs(
	what: string,
	balancer: {backends: Map<number, string[]>},
	mark: number | undefined,
	wanted: string[],
): string[] {
	const there = (mark === undefined ? [] : (balancer.backends.get(mark) ?? [])).toSorted(byAddress);
	return there.join() === wanted.join()
		? []
		: [`the balancer of ${what} leads to ${list(there)} and not to ${list(wanted)}`];
}

/** A node with an endpoint on the network must know the tasks and endpoints of every other node on it. */
function lacksOfForwarding(
	node: string,
	sights: ReadonlyMap<string, NodeSight>,
	wanted: Wanted,
	network: string,
): string[] {
	const overlay = sights.get(node)!.overlays.get(network.slice(0, 10));
	if (!overlay) {
		return [];
	}

	const key = network === wanted.ingress ? 'ingress' : network.slice(0, 9);
	const tasks = wanted.tasks.filter(task => task.node !== node && sights.has(task.node));
	const ends = [...sights]
		.filter(([other]) => other !== node)
		.flatMap(([, {balancers}]) => balancers.get(key)?.end ?? []);
	const missing = [...tasks.flatMap(({addresses}) => addresses[network] ?? []), ...ends].filter(
		address => !overlay.forwarded.has(address),
	);
	return missing.length === 0 ? [] : [`it does not know the way to ${list([...new Set(missing)].sort(byAddress))}`];
}

function lacksOfNames(sight: NodeSight, wanted: Wanted, network: string): string[] {
	const answers = sight.names.get(network);
	// No container of the node is on the network, so no client can ask there.
	if (!answers) {
		return [];
	}

	return wanted.services
		.filter(({networks}) => networks.includes(network))
		.flatMap(service => {
			const tasks = tasksOf(wanted, service, network);
			const virtual = service.virtual[network];
			// A service without tasks may or may not have a name yet; we do not wait for it.
			const rows: Array<[string, string[]]> =
				tasks.length === 0
					? []
					: [
							[service.name, virtual ? [virtual] : tasks],
							[`tasks.${service.name}`, tasks],
						];
			return rows.flatMap(([name, expected]) => {
				const there = (answers.get(name) ?? []).toSorted(byAddress);
				return there.join() === expected.join()
					? []
					: [`${name} resolves to ${list(there)} and not to ${list(expected)}`];
			});
		});
}

interface Port {
	published: number;
	protocol: string;
}

/** Checks the way of an outside request: a rule of the node leads to the ingress namespace, and a mark there to the balancer. */
function lacksOfMesh(sight: NodeSight, wanted: Wanted, service: WantedService, {published, protocol}: Port): string[] {
	const key = `${protocol} ${published}`;
	const addresses = wanted.ingress ? tasksOf(wanted, service, wanted.ingress) : [];
	const balancer = sight.balancers.get('ingress');
	const mark = balancer?.marksByPort.get(key);
	const port = `port ${published}${protocol === 'tcp' ? '' : `/${protocol}`}`;
	const marks: Array<[string, boolean]> = [
		['rule', sight.meshRules.has(key)],
		['mark', mark !== undefined],
		// dockerd holds the port with a socket of its own (libnetwork, plumbProxy).
		...(protocol === 'sctp' ? [] : [['listening socket', sight.listening.has(key)] as [string, boolean]]),
	];
	if (addresses.length === 0) {
		const left = marks.filter(([, there]) => there).map(([what]) => what);
		return left.length === 0 ? [] : [`${port} of ${service.name} still has its ${left.join(', ')} without any task`];
	}

	const missing = marks.filter(([, there]) => !there).map(([what]) => what);
	return [
		...(missing.length === 0 ? [] : [`${port} of ${service.name} has no ${missing.join(', no ')}`]),
		...(balancer && mark !== undefined ? differs(`${port} of ${service.name}`, balancer, mark, addresses) : []),
	];
}

function lacksOfHostPort(node: string, sight: NodeSight, wanted: Wanted, service: WantedService, port: Port): string[] {
	const isThere = sight.hostRules.has(`${port.protocol} ${port.published}`);
	const runs = wanted.tasks.some(task => task.node === node && task.service === service.id);
	return isThere === runs
		? []
		: [
				`port ${port.published} of ${service.name} ${runs ? 'has no rule for the task here' : 'still has a rule, though no task is here'}`,
			];
}

function list(addresses: readonly string[]): string {
	return addresses.join(', ') || 'nothing';
}

/**
 * Waits until every machine whose node is Ready has what the managers report. Returns seconds.
 * Throws NotProvenError with what each node lacks.
 */
export async function untilConverged(
	machines: readonly Machine[],
	scope: Scope,
	{what, limit = limits.convergence}: {what: string; limit?: number},
): Promise<number> {
	const manager = machines.find(({role}) => role === 'manager')!;
	const look = async (): Promise<Look<undefined>> => {
		const wanted = await readWanted(manager);
		const asked = machines.filter(({name}) => wanted.nodes.some(node => node.name === name));
		const sights = await Promise.all(
			asked.map(async machine => {
				const questions = questionsFor(machine.name, wanted, scope.networks);
				return [machine.name, await readSight(machine, questions)] as const;
			}),
		);
		const lacks = await lacksBut(wanted, new Map(sights), scope, asked);
		return lacks.length === 0 ? {done: true, value: undefined} : {done: false, seen: lacks.join('; ')};
	};
	const {seconds} = await waitUntil(`${what} is ready on every node`, look, {limit, poll: 0.5});
	return seconds;
}

/** What the nodes lack that their kernels could have. Kernels are asked only when something is lacking: it takes a moment. */
async function lacksBut(
	wanted: Wanted,
	sights: ReadonlyMap<string, NodeSight>,
	scope: Scope,
	machines: readonly Machine[],
): Promise<string[]> {
	const lacks = lacksOf(wanted, sights, scope);
	if (lacks.length === 0) {
		return lacks;
	}

	const lacking = await Promise.all(machines.map(async machine => lackingFor(machine, ['ip_vs'])));
	const unbalanced = machines.filter((_, index) => lacking[index]!.modules.length > 0).map(({name}) => name);
	return unbalanced.length === 0 ? lacks : lacksOf(wanted, sights, scope, new Set(unbalanced));
}
