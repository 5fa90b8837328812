/**
 * Turns Node's compile cache on if an earlier command has made it: to strip the types of a hundred files takes most of the time
 * of `--help`. A command that only prints help makes no folder, so prepare.ts makes it for the others.
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
