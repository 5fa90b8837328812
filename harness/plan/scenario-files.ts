/** Finds the files that the globs and paths of scenarios mean. */
import {existsSync, statSync} from 'node:fs';
import {glob, readdir} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.ts';
import {nearest} from '../nearest.ts';
import {displayPath} from '../shown.ts';
import {importsSwarmlab} from './imports-swarmlab.ts';

const isGlob = (text: string) => /[*?[{]/.test(text);

/** Extensions that Node and AVA load. For a folder those of TypeScript count. */
const loadable = ['.ts', '.mts', '.js', '.mjs'];
const ofFolders = loadable.slice(0, 2);

/** Where the patterns come from. The remedy for a wrong pattern depends on it. */
export interface PatternOrigin {
	/** The folder that the paths are relative to. */
	folder: string;
	/** The config file that contains the patterns; undefined if they were typed on the command line. */
	config?: string | undefined;
	/** That config file is not there: every field has its default. */
	isUnwritten?: boolean;
}

export interface FoundFiles {
	/** Absolute, sorted, each once. */
	files: string[];
	/** Files that were named one by one. */
	named: string[];
	/** Files in a folder that import swarmlab, but whose extension is not one of TypeScript. */
	passedOver: string[];
	/** Files that were named one by one and do not import swarmlab. They must not be loaded. */
	foreign: string[];
}

/**
 * Finds the files that the patterns mean and that import swarmlab: no other file is ever loaded. A folder means every .ts
 * and .mts file below it, without hidden folders and node_modules.
 * @throws UsageError for a path that does not exist (with the nearest) and for a glob that matches nothing.
 */
export async function findScenarioFiles(patterns: readonly string[], origin: PatternOrigin): Promise<FoundFiles> {
	const found = await Promise.all(patterns.map(async pattern => filesOf(pattern, origin)));
	const all = (key: keyof FoundFiles) => [...new Set(found.flatMap(each => each[key] ?? []))].sort();
	const files = all('files');
	return {
		files,
		named: all('named'),
		foreign: all('foreign'),
		passedOver: all('passedOver').filter(file => !files.includes(file)),
	};
}

async function filesOf(pattern: string, origin: PatternOrigin): Promise<Partial<FoundFiles>> {
	if (pattern.trim() === '') {
		throw new UsageError(`'${pattern}' is no scenario file.`, {
			remedy: 'An empty variable of a shell, perhaps? Leave it out to take the scenarios of the config.',
		});
	}

	const target = path.resolve(origin.folder, pattern);
	if (existsSync(target)) {
		return statSync(target).isDirectory() ? inFolder(target, pattern, origin) : named(target, pattern, origin);
	}

	if (!isGlob(pattern)) {
		throw new UsageError(`There is no scenario file ${pattern}.${await suggest(target)}`, {remedy: remedyFor(origin)});
	}

	const files = await expand(target);
	if (files.length === 0) {
		throw new UsageError(`No scenario file matches '${pattern}' in ${origin.folder}.`, {remedy: remedyFor(origin)});
	}

	return {files};
}

function named(file: string, pattern: string, origin: PatternOrigin): Partial<FoundFiles> {
	if (!loadable.includes(path.extname(file))) {
		throw new UsageError(`${pattern} is no scenario file: their names end in ${loadable.join(', ')}.`, {
			remedy: remedyFor(origin),
		});
	}

	return importsSwarmlab(file) ? {files: [file], named: [file]} : {foreign: [file]};
}

async function inFolder(folder: string, pattern: string, origin: PatternOrigin): Promise<Partial<FoundFiles>> {
	const below = (extensions: readonly string[]) => expand(path.join(folder, `**/*{${extensions.join(',')}}`), folder);
	const files = await below(ofFolders);
	const passedOver = await below(loadable.filter(extension => !ofFolders.includes(extension)));
	if (files.length === 0) {
		const others = passedOver.map(file => displayPath(folder, file)).join(', ');
		throw new UsageError(
			`The folder '${pattern}' has no scenario file: no ${ofFolders.join(' or ')} file below it imports 'swarmlab'.${others && ` Files of another name do: ${others}.`}`,
			{remedy: remedyFor(origin)},
		);
	}

	return {files, passedOver};
}

/**
 * Returns the files that a glob matches. The leading part that exists is a path, even if it has characters of a glob in it.
 */
async function expand(pattern: string, from = path.parse(pattern).root): Promise<string[]> {
	let cwd = from;
	let rest = path.relative(from, pattern).split(path.sep);
	while (rest.length > 1 && existsSync(path.join(cwd, rest[0]!))) {
		cwd = path.join(cwd, rest[0]!);
		rest = rest.slice(1);
	}

	const files: string[] = [];
	for await (const name of glob(rest.join(path.sep), {cwd, exclude: isSkipped})) {
		const file = path.resolve(cwd, name);
		const isFile = statSync(file, {throwIfNoEntry: false})?.isFile();
		if (isFile && !/\.test\.\w+$/.test(file) && importsSwarmlab(file)) {
			files.push(file);
		}
	}

	return files;
}

/** Skips node_modules and hidden folders, which do not hold the user's own files. */
function isSkipped(name: string): boolean {
	const last = path.basename(name);
	return last === 'node_modules' || /^\.[^./]/.test(last);
}

/** Returns the remedy for a wrong pattern. A pattern that was typed cannot be changed in the config. */
function remedyFor({config, isUnwritten}: PatternOrigin): string {
	if (isUnwritten) {
		return 'Begin with a config and a first scenario: swarmlab init';
	}

	return config === undefined
		? "Name scenario files, folders or globs that are there: 'scenarios/vip.ts', 'scenarios/**/*.ts'."
		: `Change 'scenarios' in ${config}, or name the files on the command line.`;
}

async function suggest(target: string): Promise<string> {
	const names = await readdir(path.dirname(target)).catch(() => []);
	const [near] = nearest(path.basename(target), names);
	return near ? ` Did you mean ${displayPath(process.cwd(), path.join(path.dirname(target), near))}?` : '';
}
