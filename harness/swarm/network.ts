/** Overlay networks. */
import {EngineError} from '../errors.ts';
import {type Look, type Machine, waitUntil} from '../machine/index.ts';

export interface OverlaySpec {
	name: string;
	/** Plain containers may join it too. */
	attachable?: boolean;
	labels?: Record<string, string>;
	/** Driver options: `com.docker.network.driver.mtu`, `encrypted`. */
	options?: Record<string, string>;
}

/** An overlay as the managers know it. */
export interface Overlay {
	id: string;
	name: string;
}

/** What an engine reports of a network that is present on its node. */
export interface NetworkSeen {
	id: string;
	name: string;
	driver: string;
	scope: string;
}

/** Creates an overlay. Throws EngineError. */
export async function createOverlay(manager: Machine, spec: OverlaySpec): Promise<Overlay> {
	const {name, attachable = false, labels = {}, options = {}} = spec;
	const {id} = await manager.ask(`create overlay ${name}`, docker =>
		docker.createNetwork({
			Name: name,
			Driver: 'overlay',
			Attachable: attachable,
			CheckDuplicate: true,
			Labels: labels,
			Options: options,
		}),
	);
	return {id, name};
}

/**
 * Removes a network, by id or name, as soon as no task uses it: tasks of a removed service end some seconds later.
 * It may be gone already. `limit` is in seconds. Throws WaitError with the manager's refusal.
 */
export async function removeNetworkWhenFree(manager: Machine, network: string, limit = 60): Promise<void> {
	const look = async (): Promise<Look<undefined>> => {
		try {
			await manager.find(`remove network ${network.slice(0, 12)}`, docker => docker.getNetwork(network).remove());
			return {done: true, value: undefined};
		} catch (error) {
			if (error instanceof EngineError) {
				// The managers have removed it, but this engine still lists it while a container on it ends.
				return error.answer.includes('not found') ? {done: true, value: undefined} : {done: false, seen: error.answer};
			}

			throw error;
		}
	};

	await waitUntil(`the network ${network} can be removed`, look, {limit, ours: true});
}

/** Returns the networks that one engine knows. A worker knows an overlay only while it runs a task on it. */
export async function listNetworks(machine: Machine): Promise<NetworkSeen[]> {
	const networks = await machine.ask('list networks', docker => docker.listNetworks());
	return networks.map(({Id, Name, Driver, Scope}) => ({id: Id, name: Name, driver: Driver, scope: Scope}));
}
