/** Creates, scales and removes services, and reads what the managers report of them. */
import type {CreateServiceOptions} from 'dockerode';
import {limits} from '../limits.ts';
import {type Machine, type WaitResult, waitUntil} from '../machine/index.ts';
import {type ServiceSpec, serviceBody} from './service-spec.ts';
import {listTasks, lookForRunning, type Task} from './tasks.ts';

interface ApiService {
	ID: string;
	Version: {Index: number};
	Spec: Record<string, unknown> & {Mode: {Global?: object; Replicated?: {Replicas: number}}};
	Endpoint?: {VirtualIPs?: Array<{NetworkID: string; Addr?: string}>};
	UpdateStatus?: {State?: string; Message?: string};
}

/** Creates a service and returns its id; its tasks start later. Throws EngineError. */
export async function createService(manager: Machine, name: string, spec: ServiceSpec): Promise<string> {
	const {id} = await manager.ask(`create service ${name}`, docker =>
		docker.createService(serviceBody(name, spec) as CreateServiceOptions),
	);
	return id;
}

/** Changes the number of tasks. */
export async function scaleService(manager: Machine, id: string, replicas: number): Promise<void> {
	await manager.ask(`scale service ${id} to ${replicas}`, async docker => {
		const service = docker.getService(id);
		const {Version, Spec} = (await service.inspect()) as ApiService;
		const body = {...Spec, Mode: {Replicated: {Replicas: replicas}}};
		await service.update({_query: {version: Version.Index}, _body: body});
	});
}

/**
 * Starts to replace all tasks of a service by new ones, as `docker service update --force` does (engine 1.13): one after the
 * other, the old one stops first, and the engine pauses when a new one fails. Throws EngineError.
 */
export async function startRollingUpdate(manager: Machine, id: string): Promise<void> {
	await manager.ask(`update service ${id}`, async docker => {
		const service = docker.getService(id);
		const {Version, Spec} = (await service.inspect()) as ApiService;
		const {TaskTemplate} = Spec as Record<string, unknown> as {TaskTemplate: {ForceUpdate?: number}};
		const body = {
			...Spec,
			TaskTemplate: {...TaskTemplate, ForceUpdate: (TaskTemplate.ForceUpdate ?? 0) + 1},
			UpdateConfig: {Parallelism: 1, FailureAction: 'pause', Order: 'stop-first'},
		};
		await service.update({_query: {version: Version.Index}, _body: body});
	});
}

/** Returns the state of the last update: `updating`, `paused`, `completed` …; empty before the manager has begun it. */
export async function readUpdate(manager: Machine, id: string): Promise<{state: string; message: string}> {
	const {UpdateStatus} = (await manager.ask(`inspect service ${id}`, docker =>
		docker.getService(id).inspect(),
	)) as ApiService;
	return {state: UpdateStatus?.State ?? '', message: UpdateStatus?.Message ?? ''};
}

/** Removes a service, by id or name; it may be gone already. */
export async function removeService(manager: Machine, id: string): Promise<void> {
	await manager.find(`remove service ${id}`, docker => docker.getService(id).remove());
}

/** Returns virtual addresses of a service by network id, without the prefix length. Throws EngineError if it does not exist. */
export async function virtualAddresses(manager: Machine, id: string): Promise<Record<string, string>> {
	const {Endpoint} = (await manager.ask(`inspect service ${id}`, docker =>
		docker.getService(id).inspect(),
	)) as ApiService;
	return Object.fromEntries(
		(Endpoint?.VirtualIPs ?? []).map(({NetworkID, Addr}) => [NetworkID, Addr?.split('/')[0] ?? '']),
	);
}

/** Seconds between two reads of the tasks. Each read costs an emulated manager CPU time, for which the tasks wait. */
const pollSeconds = 0.5;

/**
 * Waits until exactly `wanted` tasks run. Throws NotProvenError with each task's full error;
 * it throws at once when tasks end with the same error repeatedly.
 */
export async function waitRunning(
	manager: Machine,
	service: string,
	wanted: number | (() => Promise<number>),
	limit: number = limits.serviceRunning,
): Promise<WaitResult<Task[]>> {
	const isFixed = typeof wanted === 'number';
	const look = lookForRunning(() => listTasks(manager, service), isFixed ? async () => wanted : wanted);
	return waitUntil(isFixed ? `${wanted} tasks of ${service} run` : `a task of ${service} runs on every node`, look, {
		limit,
		poll: pollSeconds,
	});
}
