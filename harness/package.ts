/** Where our own files are. Imports nothing of ours. */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import path from 'node:path';

const manifest = findPackageJSON(import.meta.url)!;

/** The folder of this package: what we ship lies below it, wherever it was cloned or installed to. */
export const packageRoot = path.dirname(manifest);

/** The version of this package. */
export function packageVersion(): string {
	return (JSON.parse(readFileSync(manifest, 'utf8')) as {version: string}).version;
}

/** The program of the same name in a package that we depend on, wherever npm has put that: below ours, or above it. */
export function programOfDependency(name: string): string {
	const file = findPackageJSON(name, import.meta.url)!;
	const {bin} = JSON.parse(readFileSync(file, 'utf8')) as {bin: Record<string, string>};
	return path.join(path.dirname(file), bin[name]!);
}
