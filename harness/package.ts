/** Where our own files are. Imports nothing of ours. */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import path from 'node:path';

const manifest = findPackageJSON(import.meta.url)!;

/** The folder of this package, in a clone as well as when installed. All files that we ship lie below it. */
export const packageRoot = path.dirname(manifest);

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
