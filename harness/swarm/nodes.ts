/** The nodes of a swarm, as a manager sees them. */
import type {Look, Machine} from '../machine/index.ts';

export interface SwarmNode {
	id: string;
	/** Host name: the machine's name. */
	name: string;
	role: 'manager' | 'worker';
	/** `ready`, `down`, `unknown`, `disconnected`. */
	state: string;
	availability: Availability;
	address: string;
	leader: boolean;
	message: string;
	/** Version of its engine, as the engine reports it; empty before that. */
	engine: string;
}

export type Availability = 'active' | 'pause' | 'drain';

interface ApiNode {
	ID: string;
	Version: {Index: number};
	Spec: Record<string, unknown> & {Role: 'manager' | 'worker'; Availability: Availability};
	Description?: {Hostname?: string; Engine?: {EngineVersion?: string}};
	Status: {State: string; Addr?: string; Message?: string};
	ManagerStatus?: {Leader?: boolean};
}

/** Returns every node that the swarm knows, including nodes that left and were not removed. */
export async function listNodes(manager: Machine): Promise<SwarmNode[]> {
	const nodes = (await manager.ask('list nodes', docker => docker.listNodes())) as ApiNode[];
	return nodes.map(({ID, Spec, Description, Status, ManagerStatus}) => ({
		id: ID,
		name: Description?.Hostname ?? '',
		role: Spec.Role,
		state: Status.State,
		availability: Spec.Availability,
		address: Status.Addr ?? '',
		leader: ManagerStatus?.Leader ?? false,
		message: Status.Message ?? '',
		engine: Description?.Engine?.EngineVersion ?? '',
	}));
}

/** Returns a look for `waitUntil`: it is done when these nodes (by host name) have this state. */
export function lookForNodes(
	manager: Machine,
	names: readonly string[],
	state: string,
): () => Promise<Look<SwarmNode[]>> {
	return async () => {
		const nodes = await listNodes(manager);
		const there = nodes.filter(node => names.includes(node.name) && node.state === state);
		const missing = names.filter(name => !there.some(node => node.name === name));
		return missing.length === 0
			? {done: true, value: there}
			: {
					done: false,
					seen: `${names.length - missing.length} of ${names.length} ${state}; ${missing.map(name => describeNode(name, nodes)).join(', ')}`,
				};
	};
}

/** Sets the availability of a node. */
export async function setAvailability(manager: Machine, id: string, availability: Availability): Promise<void> {
	await manager.ask(`set node ${id} to ${availability}`, async docker => {
		const node = docker.getNode(id);
		const {Version, Spec} = (await node.inspect()) as ApiNode;
		await node.update({_query: {version: Version.Index}, _body: {...Spec, Availability: availability}});
	});
}

/** Removes a node from the swarm, by force; it may be gone already. */
export async function removeNode(manager: Machine, id: string): Promise<void> {
	await manager.find(`remove node ${id}`, docker => docker.getNode(id).remove({force: true}));
}

function describeNode(name: string, nodes: readonly SwarmNode[]): string {
	const node = nodes.findLast(each => each.name === name);
	return node ? `${name} is ${node.state}${node.message ? ` (${node.message})` : ''}` : `${name} has not joined`;
}

/** Returns whether a global service gets a task on this node. Throws TypeError for constraints on more than host name or role. */
export function isEligible(node: SwarmNode, constraints: readonly string[]): boolean {
	return (
		node.state === 'ready' &&
		node.availability === 'active' &&
		constraints.every(constraint => {
			const [, key, operator, value] = /^node\.(hostname|role)\s*(==|!=)\s*(\S+)$/.exec(constraint) ?? [];
			if (!key) {
				throw new TypeError(`A global service's tasks cannot be counted with the constraint ${constraint}`);
			}

			return ((key === 'hostname' ? node.name : node.role) === value) === (operator === '==');
		})
	);
}
