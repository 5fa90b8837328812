/** What comes before any command that works, and not before help. */
import {enableCompileCache} from 'node:module';
import {places, troubleOf} from '../host/places.ts';
import {compiled} from '../paths.ts';

/** Throws UsageError for an environment variable that means nothing. */
export async function prepare(): Promise<void> {
	const {acceleratorAsked} = await import('../hypervisor/accelerator-asked.ts');
	acceleratorAsked();
	// A cache that cannot be written is told by the commands that need it; others work without.
	if (troubleOf(places.find(({name}) => name === 'cache')!, {keep: true})) {
		return;
	}

	// Every process of a run loads much the same: what was compiled once halves that time. By environment for children.
	enableCompileCache(compiled);
	process.env.NODE_COMPILE_CACHE ||= compiled;
}
