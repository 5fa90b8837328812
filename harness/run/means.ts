/** What a run acts by: handed to it, so that its order can be tested without machines. */

import type {Provider} from '../providers/provider.ts';
import {type Providers, providers} from '../providers/providers.ts';
import {openShelf} from '../provision/artifacts.ts';
import {provision} from '../provision/provision.ts';
import {runScenarios} from './process/ava.ts';

export interface Means {
	providers: Providers;
	openShelf: typeof openShelf;
	provision: typeof provision;
	runScenarios: typeof runScenarios;
}

export const realMeans: Means = {providers, openShelf, provision, runScenarios};

/** Throws TypeError for a name that no provider has: config and options have refused it before. */
export function providerOf({provider: name}: {provider: string}, {providers: all}: Pick<Means, 'providers'>): Provider {
	const provider = all[name];
	if (!provider) {
		throw new TypeError(`There is no provider ${name}`);
	}

	return provider;
}
