/** Finds the config file, imports it, and checks it. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {UsageError} from '../errors.ts';
import {project} from '../paths.ts';
import type {Flags} from './flags.ts';
import {refuseNoModule, remedyOfLoading} from './not-loading.ts';
import {provideOwnName} from './own-name.ts';
import {parseConfig} from './parse.ts';
import {positionIn} from './position.ts';
import type {Settings} from './types.ts';

export const configName = 'swarmlab.config.ts';

export interface LoadedConfig {
	/** Absolute path of the file; undefined when there is none and all is default. */
	file: string | undefined;
	/** Folder that the globs of scenarios are relative to. */
	folder: string;
	settings: Settings;
}

/**
 * Loads the config: the file asked for, else `swarmlab.config.ts` here, else the project's own, else the defaults.
 * Options of the command line override it.
 * @throws UsageError when it is not there, does not load (with file and line), exports nothing, or is not valid.
 */
export async function loadConfig(asked?: string, flags: Flags = {}, cwd = process.cwd()): Promise<LoadedConfig> {
	const file = findConfig(asked, cwd);
	const config = file ? await importConfig(file) : {};
	const settings = parseConfig(config, file ? path.relative(cwd, file) : 'the config', flags);
	return {file, folder: file ? path.dirname(file) : project, settings};
}

function findConfig(asked: string | undefined, cwd: string): string | undefined {
	if (asked === undefined) {
		return [cwd, project].map(folder => path.join(folder, configName)).find(candidate => existsSync(candidate));
	}

	if (asked.trim() === '') {
		throw new UsageError("--config: '' is no file.", {
			remedy: `Leave --config out to use ./${configName} or the project's own.`,
		});
	}

	const file = path.resolve(cwd, asked);
	if (!existsSync(file)) {
		throw new UsageError(`There is no config file ${file}.`, {
			remedy: `Leave --config out to use ./${configName} or the project's own.`,
		});
	}

	refuseNoModule(file, asked);
	return file;
}

async function importConfig(file: string): Promise<unknown> {
	provideOwnName();
	let loaded: {default?: unknown};
	try {
		// A config that changed between two loads of one process is read again.
		loaded = await import(`${pathToFileURL(file).href}?${performance.now()}`);
	} catch (error) {
		throw new UsageError(`${positionIn(error, file)} does not load: ${sentence(error)}`, {
			remedy: remedyOfLoading(file, error instanceof Error ? error : {message: String(error)}),
			cause: error,
		});
	}

	if (exportsNothing(loaded)) {
		throw new UsageError(`${file} exports no config.`, {
			remedy: "End it with: export default defineConfig({kernels: ['6.1']});",
		});
	}

	return loaded.default;
}

/** A file without any import or export is CommonJS for Node, whose default export is an empty object. */
function exportsNothing(loaded: {default?: unknown}): boolean {
	return (
		loaded.default === undefined || ('module.exports' in loaded && Object.keys(loaded.default as object).length === 0)
	);
}

function sentence(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`;
}
