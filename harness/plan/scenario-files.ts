/** Which files the globs and paths of scenarios mean. */
import {existsSync, statSync} from 'node:fs';
import {glob, readdir} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {nearest} from '../nearest.ts';
import {importsSwarmlab} from './imports-swarmlab.ts';

const isGlob = (text: string) => /[*?[{]/.test(text);

export interface Found {
	/** Absolute paths, sorted, each once. */
	files: string[];
	/** Files that were named one by one and do not import swarmlab. They are not loaded. */
	passedOver: string[];
}

/**
 * Files that import swarmlab. A folder means every .ts file below it that does, without hidden folders and node_modules.
 * @throws UsageError for a path that is not there (with the nearest), and for a folder or a glob without any.
 */
export async function findScenarioFiles(patterns: readonly string[], folder: string): Promise<Found> {
	const found = await Promise.all(patterns.map(async pattern => filesOf(pattern, folder)));
	const unique = (files: string[]) => [...new Set(files)].sort();
	return {files: unique(found.flatMap(({files}) => files)), passedOver: unique(found.flatMap(each => each.passedOver))};
}

async function filesOf(pattern: string, folder: string): Promise<Found> {
	if (pattern.trim() === '') {
		throw new UsageError(`'${pattern}' is no scenario file.`, {
			remedy: 'An empty variable of a shell, perhaps? Leave it out to take the scenarios of the config.',
		});
	}

	const target = path.resolve(folder, pattern);
	if (existsSync(target)) {
		if (statSync(target).isDirectory()) {
			return expand('**/*.ts', target, `No .ts file below ${target} imports 'swarmlab'.`);
		}

		return importsSwarmlab(target) ? {files: [target], passedOver: []} : {files: [], passedOver: [target]};
	}

	if (!isGlob(pattern)) {
		throw new UsageError(`There is no scenario file ${pattern}.${await suggest(target)}`, {remedy: howToName});
	}

	return expand(pattern, folder, `No scenario file matches '${pattern}' in ${folder}.`);
}

const howToName = "Give the path of a file, a folder or a glob: 'scenarios/vip.ts', 'scenarios/**/*.ts'.";

async function expand(pattern: string, folder: string, otherwise: string): Promise<Found> {
	const files: string[] = [];
	for await (const name of glob(pattern, {cwd: folder, exclude: isSkipped})) {
		const file = path.resolve(folder, name);
		if (statSync(file, {throwIfNoEntry: false})?.isFile() && !file.endsWith('.test.ts') && importsSwarmlab(file)) {
			files.push(file);
		}
	}

	if (files.length === 0) {
		throw new UsageError(otherwise, {
			remedy: "Change 'scenarios' in the config, or name the files on the command line.",
		});
	}

	return {files, passedOver: []};
}

/** What is fetched and what is hidden is not the user's own. */
function isSkipped(name: string): boolean {
	const last = path.basename(name);
	return last === 'node_modules' || /^\.[^./]/.test(last);
}

async function suggest(target: string): Promise<string> {
	const names = await readdir(path.dirname(target)).catch(() => []);
	const [near] = nearest(path.basename(target), names);
	return near ? ` Did you mean ${path.relative(process.cwd(), path.join(path.dirname(target), near))}?` : '';
}
