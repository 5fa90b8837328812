/** Lets a config or scenario file outside of this package import `swarmlab`, with nothing installed beside it. */
import {registerHooks} from 'node:module';

/** The exports of package.json, as Node resolves them from here, before any hook is registered. */
const entries = new Map(['swarmlab', 'swarmlab/config'].map(name => [name, import.meta.resolve(name)]));

let provided = false;

/** Makes every import in this process find this package by its names. A second call does nothing. */
export function registerSelfImport(): void {
	if (provided) {
		return;
	}

	provided = true;
	registerHooks({
		resolve(specifier, context, next) {
			const entry = entries.get(specifier);
			return entry ? {url: entry, shortCircuit: true} : next(specifier, context);
		},
	});
}
