/** Joining a swarm and leaving it. */
import {EngineError} from '../errors.ts';
import {limits} from '../limits.ts';
import {type Machine, waitUntil} from '../machine/index.ts';

export interface JoinTokens {
	manager: string;
	worker: string;
}

interface SwarmInspect {
	Version: {Index: number};
	Spec: Record<string, unknown>;
	JoinTokens: {Manager: string; Worker: string};
}

/**
 * Makes a machine join, and waits longer than the engine does. After 20 s the engine answers 503 and continues in the
 * background (moby daemon/cluster, errSwarmJoinTimeoutReached), as it does on a busy host under emulation.
 * Throws EngineError with the engine's message if it refuses the token, NotProvenError if the machine does not join in time.
 */
export async function join(machine: Machine, manager: Machine, token: string, places?: JoinPlaces): Promise<void> {
	try {
		await askToJoin(machine, manager, token, places);
	} catch (error) {
		if (!(error instanceof EngineError && error.status === 503)) {
			throw error;
		}

		await waitUntil(
			`${machine.name} has joined`,
			async () => {
				const {state, error: why} = await membership(machine);
				if (state === 'active') {
					return {done: true, value: undefined};
				}

				return state === 'error' ? {hopeless: why} : {done: false, seen: `its engine says ${state} ${why}`.trim()};
			},
			{limit: limits.formSwarm},
		);
	}
}

/** Addresses of a node that joins, and of the manager that it joins: those of the LAN unless given. */
interface JoinPlaces {
	ListenAddr: string;
	AdvertiseAddr: string;
	DataPathAddr?: string;
	/** With its port. */
	remote: string;
}

async function askToJoin(machine: Machine, manager: Machine, token: string, places?: JoinPlaces): Promise<void> {
	const {address} = machine;
	await machine.ask('swarm join', docker =>
		docker.swarmJoin({
			ListenAddr: places?.ListenAddr ?? `${address}:2377`,
			AdvertiseAddr: places?.AdvertiseAddr ?? address,
			...(places?.DataPathAddr !== undefined && {DataPathAddr: places.DataPathAddr}),
			RemoteAddrs: [places?.remote ?? `${manager.address}:2377`],
			JoinToken: token,
		}),
	);
}

/** Makes a machine leave its swarm; a manager leaves only with `force`. */
export async function leave(machine: Machine, {force = false} = {}): Promise<void> {
	await machine.ask('swarm leave', docker => docker.swarmLeave({force}));
}

/** Returns the state of the engine in its swarm (`active`, `inactive`, `pending`, `error`, `locked`) and the id of its node. */
export async function membership(machine: Machine): Promise<{state: string; nodeId: string; error: string}> {
	const {Swarm} = await machine.ask('info', docker => docker.info());
	return {state: Swarm?.LocalNodeState ?? 'inactive', nodeId: Swarm?.NodeID ?? '', error: Swarm?.Error ?? ''};
}

/** Returns the tokens with which nodes join now. */
export async function readTokens(manager: Machine): Promise<JoinTokens> {
	const {JoinTokens: tokens} = await inspect(manager);
	return {manager: tokens.Manager, worker: tokens.Worker};
}

/** Replaces the workers' token, so that the old one is refused. Returns the new tokens. */
export async function rotateWorkerToken(manager: Machine): Promise<JoinTokens> {
	const {Version, Spec} = await inspect(manager);
	await manager.ask('rotate the worker token', docker =>
		docker.swarmUpdate({
			version: Version.Index,
			rotateWorkerToken: true,
			_query: {version: Version.Index, rotateWorkerToken: true},
			_body: Spec,
		}),
	);
	return readTokens(manager);
}

async function inspect(manager: Machine): Promise<SwarmInspect> {
	return manager.ask('inspect the swarm', docker => docker.swarmInspect()) as Promise<SwarmInspect>;
}
