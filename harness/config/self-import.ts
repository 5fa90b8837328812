/** A config or scenario file outside of the project finds `swarmlab` too, with nothing installed beside it. */
import {registerHooks} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {project} from '../paths.ts';

const doors: Record<string, string> = {
	swarmlab: 'harness/scenario/index.ts',
	'swarmlab/config': 'harness/config/index.ts',
};

let provided = false;

/** Makes the names of this package known to every import of this process. Calling it again does nothing. */
export function registerSelfImport(): void {
	if (provided) {
		return;
	}

	provided = true;
	registerHooks({
		resolve(specifier, context, next) {
			const door = Object.hasOwn(doors, specifier) ? doors[specifier] : undefined;
			return door ? {url: pathToFileURL(path.join(project, door)).href, shortCircuit: true} : next(specifier, context);
		},
	});
}
