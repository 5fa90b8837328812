/** The folder in which the user works, with config, scenario files and runs. package.ts has the folder of our own files. */
import {existsSync} from 'node:fs';
import path from 'node:path';
import {variable} from './environment.ts';
import {isBuilt, packageRoot} from './package.ts';
import {isBelow} from './shown.ts';

/** Extensions of files that Node loads as modules. */
export const moduleExtensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/** Passes the workspace to a process that we start, because it may run in another folder. */
export const workspaceVariable = 'SWARMLAB_WORKSPACE';

/** Returns the nearest config file: in a folder, or in one above it. */
export function nearestConfig(folder: string): string | undefined {
	const above = path.dirname(folder);
	return configIn(folder) ?? (above === folder ? undefined : nearestConfig(above));
}

/** Returns the config file in a folder. */
export function configIn(folder: string): string | undefined {
	return moduleExtensions.map(extension => path.join(folder, `swarmlab.config${extension}`)).find(existsSync);
}

/**
 * Returns the workspace of a command that is typed in `folder`: the folder of the nearest config. In a clone of swarmlab it
 * is the clone. Without a config it is the clone whose program was called or, for an installed package, `folder` itself.
 * @param own the folder of our own files
 */
export function workspaceOf(folder: string, own = packageRoot): string {
	const isClone = !isBuilt && !own.split(path.sep).includes('node_modules');
	if (isClone && isBelow(own, folder)) {
		return own;
	}

	const config = nearestConfig(folder);
	return config ? path.dirname(config) : isClone ? own : folder;
}

/** The workspace of this process. Results name the files of scenarios relative to it. */
export const workspace = path.resolve(variable(workspaceVariable) ?? workspaceOf(process.cwd()));
