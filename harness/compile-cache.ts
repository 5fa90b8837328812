/**
 * Turns Node's compile cache on if an earlier command has made it, for a package: swarmlab.js does it for a clone. A command that
 * only prints help makes no folder, so prepare.ts makes it for the others.
 */
import {existsSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import {compiled} from './paths.ts';

/** Never throws: a cache that cannot be used costs time only. */
export function useCompileCache(): void {
	if (existsSync(compiled)) {
		enableCompileCache(compiled);
	}
}
