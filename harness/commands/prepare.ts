/** Runs before every command except help. */
import {enableCompileCache} from 'node:module';
import {places, troubleOf} from '../host/places.ts';
import {compiled} from '../paths.ts';

/** Checks the environment and turns Node's compile cache on. Throws UsageError for an invalid environment variable. */
export async function prepare(): Promise<void> {
	const {acceleratorAsked} = await import('../hypervisor/accelerator-asked.ts');
	acceleratorAsked();
	// If the cache cannot be written, the commands that need it report that; others work without it.
	if (troubleOf(places.find(({name}) => name === 'cache')!, {keep: true})) {
		return;
	}

	// All processes of a run load much the same files, and the compile cache halves the time for that. Child processes get it by
	// the environment.
	enableCompileCache(compiled);
	process.env.NODE_COMPILE_CACHE ||= compiled;
}
