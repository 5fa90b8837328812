/** The tasks of a service, as a manager sees them. */
import type {Look, Machine} from '../machine/index.ts';
import {listNodes} from './nodes.ts';

export interface Task {
	id: string;
	/** `web.2`; of a global service `web.<node>`. As `docker service ps` shows it. */
	name: string;
	/** Host name of its node; empty while it has none. */
	node: string;
	/** `running`, `starting`, `rejected`, `failed`, `shutdown` … */
	state: string;
	/** The state that the manager desires: `running`, `shutdown`, `remove`. */
	desired: string;
	/** Empty until its container is made. */
	containerId: string;
	/** Its addresses by network id, without the prefix length. */
	addresses: Record<string, string>;
	/** The engine's full message if the task did not start or ended with an error. */
	error: string;
	/** Time when the state was reported, ISO 8601. */
	at: string;
}

interface ApiTask {
	ID: string;
	Slot?: number;
	NodeID?: string;
	DesiredState: string;
	Status: {State: string; Timestamp: string; Err?: string; Message?: string; ContainerStatus?: {ContainerID?: string}};
	NetworksAttachments?: Array<{Network: {ID: string}; Addresses?: string[]}>;
}

/** Returns all tasks of a service, including ended ones, sorted by name. Throws EngineError. */
export async function listTasks(manager: Machine, service: string): Promise<Task[]> {
	const filters = JSON.stringify({service: [service]});
	const tasks = (await manager.ask(`list tasks of ${service}`, docker => docker.listTasks({filters}))) as ApiTask[];
	const nodeNames = await namesOfNodes(
		manager,
		tasks.flatMap(({NodeID}) => NodeID ?? []),
	);
	return tasks
		.map(task => describeTask(service, task, nodeNames.get(task.NodeID ?? '') ?? ''))
		.sort((a, b) => a.name.localeCompare(b.name) || a.at.localeCompare(b.at));
}

const known = new WeakMap<Machine, Map<string, string>>();

/** Returns host names by node id. A node keeps its name as long as its id, so they are read only when an id is new. */
async function namesOfNodes(manager: Machine, ids: readonly string[]): Promise<Map<string, string>> {
	const names = known.get(manager);
	if (names && ids.every(id => names.get(id))) {
		return names;
	}

	const fresh = new Map((await listNodes(manager)).map(({id, name}) => [id, name]));
	known.set(manager, fresh);
	return fresh;
}

/** Returns the tasks that run and whose desired state is `running`. */
export function running(tasks: readonly Task[]): Task[] {
	return tasks.filter(task => task.desired === 'running' && task.state === 'running');
}

/** If the tasks of one slot ended with the same error so often, the next one will too. */
const hopelessAfter = 3;

/**
 * Returns a look for `waitUntil`: it is done when exactly `wanted` tasks run and no other task is starting. Each look asks for
 * the number anew: a global service wants a task for each node that is Ready, and after a change of the leader a node may be
 * down for a moment.
 * It is hopeless when the tasks of one slot were rejected or failed with the same error three times since the first look. The
 * slots count by themselves: where three nodes each reject their first task, the second ones may run.
 */
export function lookForRunning(
	list: () => Promise<Task[]>,
	wantedNow: () => Promise<number>,
): () => Promise<Look<Task[]>> {
	let before: ReadonlySet<string> | undefined;
	return async () => {
		const [wanted, tasks] = await Promise.all([wantedNow(), list()]);
		before ??= new Set(tasks.filter(isInError).map(({id}) => id));
		const now = running(tasks);
		const onTheWay = tasks.filter(task => task.desired === 'running' && task.state !== 'running');
		if (now.length === wanted && onTheWay.length === 0) {
			return {done: true, value: now};
		}

		const seen = `${now.length} of ${wanted} tasks running${tellOthers(tasks)}`;
		const worst = mostFrequentError(tasks.filter(task => isInError(task) && !before!.has(task.id)));
		return worst && worst.times >= hopelessAfter
			? {hopeless: `${seen}; ${worst.times} tasks of one slot ended with the same error: ${worst.error}`}
			: {done: false, seen};
	};
}

/** Returns a look for `waitUntil`: it is done when none of these tasks has a container that still runs. */
export function lookForStopped(list: () => Promise<Task[]>, ids: readonly string[]): () => Promise<Look<undefined>> {
	return async () => {
		const left = (await list()).filter(task => ids.includes(task.id) && live.has(task.state));
		return left.length === 0
			? {done: true, value: undefined}
			: {done: false, seen: left.map(task => `${task.name} on ${task.node} is ${task.state}`).join(', ')};
	};
}

const live = new Set(['new', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'starting', 'running']);

function mostFrequentError(tasks: readonly Task[]): {error: string; times: number} | undefined {
	const byError = Map.groupBy(tasks, task => `${task.name} ${withoutNames(task.error)}`);
	const [worst] = [...byError.values()].sort((a, b) => b.length - a.length);
	return worst?.[0] && {error: worst[0].error, times: worst.length};
}

function isInError({error, state}: Task): boolean {
	return error !== '' && ['rejected', 'failed'].includes(state);
}

/** Removes the names of containers and devices, which are new in each error. */
function withoutNames(error: string): string {
	return error.replaceAll(/\b[0-9a-f]{7,}\b|"[^"]*"/g, '…');
}

function tellOthers(tasks: readonly Task[]): string {
	const others = tasks.filter(task => task.state !== 'running' && (task.desired === 'running' || task.error !== ''));
	const shown = others.slice(-4).map(task => {
		const where = task.node ? ` on ${task.node}` : '';
		return `${task.name}${where} is ${task.state}${task.error ? ` (${task.error})` : ''}`;
	});
	return shown.length === 0 ? '' : `; ${shown.join('; ')}`;
}

function describeTask(service: string, task: ApiTask, node: string): Task {
	return {
		id: task.ID,
		name: `${service}.${task.Slot || node}`,
		node,
		state: task.Status.State,
		desired: task.DesiredState,
		containerId: task.Status.ContainerStatus?.ContainerID ?? '',
		addresses: Object.fromEntries(
			(task.NetworksAttachments ?? []).map(({Network, Addresses}) => [Network.ID, Addresses?.[0]?.split('/')[0] ?? '']),
		),
		error: task.Status.Err ?? '',
		at: task.Status.Timestamp,
	};
}
