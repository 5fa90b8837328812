/** A config or scenario file outside of this package finds `swarmlab` too, with nothing installed beside it. */
import {registerHooks} from 'node:module';

/** The exports of package.json, as Node resolves them from here: before any hook is in its way. */
const doors = new Map(['swarmlab', 'swarmlab/config'].map(name => [name, import.meta.resolve(name)]));

let provided = false;

/** Makes the names of this package known to every import of this process. Calling it again does nothing. */
export function registerSelfImport(): void {
	if (provided) {
		return;
	}

	provided = true;
	registerHooks({
		resolve(specifier, context, next) {
			const door = doors.get(specifier);
			return door ? {url: door, shortCircuit: true} : next(specifier, context);
		},
	});
}
