/**
 * Where our own files are. Imports nothing of ours. In a clone Node runs the sources, and in an installed package it runs what
 * packaging/build.ts made of them, as Node strips no types below a node_modules.
 */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import path from 'node:path';

const manifest = findPackageJSON(import.meta.url)!;

/** The folder that has harness/, vagrant/ and all other files of ours: the clone, or dist/ of an installed package. */
export const packageRoot = path.dirname(import.meta.dirname);

/** What our own modules end with: `.ts`, or `.js` if they were built. */
const extension = path.extname(import.meta.filename);

/** Whether these files were built, so that they belong to a package and not to a clone. */
export const isBuilt = extension === '.js';

/** Returns the path of a module of ours that is started by its path: `name` has no extension. */
export function modulePath(folder: string, name: string): string {
	return path.join(folder, `${name}${extension}`);
}

/** Returns the version in package.json. */
export function packageVersion(): string {
	return (JSON.parse(readFileSync(manifest, 'utf8')) as {version: string}).version;
}

/** Returns the path of the program `name` in the dependency `name`. npm may install that below this package or above it. */
export function programOfDependency(name: string): string {
	const file = findPackageJSON(name, import.meta.url)!;
	const {bin} = JSON.parse(readFileSync(file, 'utf8')) as {bin: Record<string, string>};
	return path.join(path.dirname(file), bin[name]!);
}
