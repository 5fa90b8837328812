/** Which files the globs and paths of scenarios mean. */
import {existsSync, statSync} from 'node:fs';
import {glob, readdir} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {nearest} from '../nearest.ts';

const isGlob = (text: string) => /[*?[{]/.test(text);

/**
 * Absolute paths, sorted, each once. A folder means every .ts file below it.
 * @throws UsageError for a path that is not there (with the nearest) and for a glob that matches nothing.
 */
export async function findScenarioFiles(patterns: readonly string[], folder: string): Promise<string[]> {
	const found = await Promise.all(patterns.map(async pattern => filesOf(pattern, folder)));
	return [...new Set(found.flat())].sort();
}

async function filesOf(pattern: string, folder: string): Promise<string[]> {
	const target = path.resolve(folder, pattern);
	if (existsSync(target)) {
		return statSync(target).isDirectory() ? expand(path.join(target, '**/*.ts'), folder) : [target];
	}

	if (!isGlob(pattern)) {
		throw new UsageError(`There is no scenario file ${pattern}.${await suggest(target)}`, {
			remedy: "Give the path of a file, a folder or a glob: 'scenarios/vip.ts', 'scenarios/**/*.ts'.",
		});
	}

	return expand(pattern, folder);
}

async function expand(pattern: string, folder: string): Promise<string[]> {
	const files: string[] = [];
	for await (const name of glob(pattern, {cwd: folder, exclude: name => name === 'node_modules'})) {
		const file = path.resolve(folder, name);
		if (statSync(file).isFile() && !file.endsWith('.test.ts')) {
			files.push(file);
		}
	}

	if (files.length === 0) {
		throw new UsageError(`No scenario file matches '${pattern}' in ${folder}.`, {
			remedy: "Change 'scenarios' in the config, or name the files on the command line.",
		});
	}

	return files;
}

async function suggest(target: string): Promise<string> {
	const names = await readdir(path.dirname(target)).catch(() => []);
	const [near] = nearest(path.basename(target), names);
	return near ? ` Did you mean ${path.relative(process.cwd(), path.join(path.dirname(target), near))}?` : '';
}
