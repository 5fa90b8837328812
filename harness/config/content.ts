/** Checks the exports of a config file, and converts them to plain data. Pure. */
import type {Cause} from './not-loading.ts';
import {checkConfig} from './parse.ts';
import {schema} from './schema.ts';
import type {Config} from './types.ts';

/** The answer of the process that loads a config file. */
export type ConfigAnswer =
	/** What it exports, not checked yet. */
	| {state: 'plain'; exported: unknown}
	| {state: 'config'; config: Config}
	| {state: 'invalid'; problems: string[]}
	| {state: 'nothing'}
	| {state: 'threw'; where: string; what: string; cause: Cause};

/** Checks the exports and returns the config or its problems. Throws what a getter of the config throws. */
export function contentOf(loaded: {default?: unknown}): Exclude<ConfigAnswer, {state: 'plain'}> {
	if (exportsNothing(loaded)) {
		return {state: 'nothing'};
	}

	const problems = checkConfig(loaded.default);
	return problems.length > 0 ? {state: 'invalid', problems} : {state: 'config', config: schema.parse(loaded.default)};
}

/** Node loads a file without import and export as CommonJS, whose default export is an empty object. */
function exportsNothing(loaded: {default?: unknown}): boolean {
	return (
		loaded.default === undefined ||
		('module.exports' in loaded && Object.keys((loaded.default ?? {}) as object).length === 0)
	);
}
