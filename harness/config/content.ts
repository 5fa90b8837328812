/** What a config file exports, as plain data that goes from process to process. Pure. */
import type {Cause} from './not-loading.ts';
import {checkConfig} from './parse.ts';
import {schema} from './schema.ts';
import type {Config} from './types.ts';

/** The answer of the process that loads a config file. */
export type ConfigAnswer =
	| {state: 'config'; config: Config}
	| {state: 'invalid'; problems: string[]}
	| {state: 'nothing'}
	| {state: 'threw'; where: string; what: string; cause: Cause};

/** Throws what a getter of the config throws. */
export function contentOf(loaded: {default?: unknown}): ConfigAnswer {
	if (exportsNothing(loaded)) {
		return {state: 'nothing'};
	}

	const problems = checkConfig(loaded.default);
	return problems.length > 0 ? {state: 'invalid', problems} : {state: 'config', config: schema.parse(loaded.default)};
}

/** A file without any import or export is CommonJS for Node, whose default export is an empty object. */
function exportsNothing(loaded: {default?: unknown}): boolean {
	return (
		loaded.default === undefined ||
		('module.exports' in loaded && Object.keys((loaded.default ?? {}) as object).length === 0)
	);
}
