/** What config files import: `import {defineConfig} from 'swarmlab/config'`. Imports nothing but types. */
import type {Config} from './types.ts';

export type {Config, PackagesConfig, ServiceConfig, TopologyConfig} from './types.ts';

/** Returns its argument. It exists so that an editor knows the fields. */
export function defineConfig(config: Config): Config {
	return config;
}
