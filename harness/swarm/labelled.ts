/** Services and networks of scenarios have a label, so that they are found after the process that made them has ended. */
import type {Machine} from '../machine/index.ts';
import {removeNetworkWhenFree} from './network.ts';
import {removeService} from './services.ts';

/** Label of services and networks; its value is the scenario's title. */
export const scenarioLabel = 'swarmlab.scenario';

/** Removes labelled services and networks, except for those with these ids. Returns the names of what was removed. */
export async function removeLabelled(manager: Machine, but: readonly string[]): Promise<string[]> {
	const filters = JSON.stringify({label: [scenarioLabel]});
	const [services, networks] = await Promise.all([
		manager.ask('list services', docker => docker.listServices({filters})),
		manager.ask('list networks', docker => docker.listNetworks({filters})),
	]);
	const stale = services.filter(({ID}) => !but.includes(ID));
	const free = networks.filter(({Id}) => !but.includes(Id));
	await Promise.all(stale.map(({ID}) => removeService(manager, ID)));
	await Promise.all(free.map(({Id}) => removeNetworkWhenFree(manager, Id)));
	return [...stale.map(({Spec}) => Spec?.Name ?? ''), ...free.map(({Name}) => Name)];
}
