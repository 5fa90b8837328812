/** The functions and providers that a run uses. They are passed in, so that the order of a run can be tested without machines. */

import type {Provider} from '../providers/provider.ts';
import {type Providers, providers} from '../providers/providers.ts';
import {createArtifactSource} from '../provision/artifacts.ts';
import {provision} from '../provision/provision.ts';
import {runScenarios} from './process/ava.ts';

export interface RunDependencies {
	providers: Providers;
	createArtifactSource: typeof createArtifactSource;
	provision: typeof provision;
	runScenarios: typeof runScenarios;
}

export const realDependencies: RunDependencies = {providers, createArtifactSource, provision, runScenarios};

/** Returns the provider with this name. Throws TypeError if there is none: config and options refuse such a name before. */
export function providerOf(
	{provider: name}: {provider: string},
	{providers: all}: Pick<RunDependencies, 'providers'>,
): Provider {
	const provider = all[name];
	if (!provider) {
		throw new TypeError(`There is no provider ${name}`);
	}

	return provider;
}
