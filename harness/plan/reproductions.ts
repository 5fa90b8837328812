/** Finds the scenario files that reproduce a public report, by what a user types: `40989`, `moby/moby#40989`, a path. */
import {existsSync, globSync} from 'node:fs';
import path from 'node:path';
import type {LoadedConfig} from '../config/load.ts';
import {variantProblems} from '../config/variants.ts';
import {listed, UsageError} from '../errors.ts';
import {means} from '../expect/issue.ts';
import type {PlannedScenario, Reproduction, Variant} from '../model/index.ts';
import {nearest} from '../nearest.ts';
import {packageRoot} from '../package.ts';
import {displayPath} from '../shown.ts';
import {workspace} from '../workspace.ts';
import type {MatrixFlags} from './resolve.ts';
import {fromWorkspace, planScenarios, requireSome} from './scenarios.ts';

/** One file, and the scenarios in it that reproduce a report. */
export interface ReproductionFile {
	/** Absolute. */
	file: string;
	scenarios: PlannedScenario[];
}

/** Where the files of reports are: in the workspace, and those that come with swarmlab. */
export const issueFolder = 'scenarios/issues';

/** Returns the files of all reports, absolute. A file of the workspace comes before one of the same name of ours. */
function issueFiles(): string[] {
	const folders = [...new Set([workspace, packageRoot])].map(root => path.join(root, issueFolder));
	const files = folders.flatMap(folder => globSync('**/*.ts', {cwd: folder}).map(name => path.join(folder, name)));
	return files
		.filter((file, index) => files.findIndex(each => path.basename(each) === path.basename(file)) === index)
		.sort();
}

/**
 * Returns the files that are meant: a path or a folder as it is, any other text by the reports that files announce.
 * @throws UsageError for a report that no file is about, with the nearest files
 */
export async function findReproductions(typed: readonly string[]): Promise<ReproductionFile[]> {
	const found = [];
	for (const each of typed) {
		const isPath = each.includes('.ts') || existsSync(path.resolve(each));
		found.push(...(isPath ? await inFiles([each]) : await byName(each)));
	}

	return found;
}

async function byName(typed: string): Promise<ReproductionFile[]> {
	const all = issueFiles();
	// Files are named after their report, so that only a few need be loaded.
	const number = numberIn(typed);
	const named = number ? all.filter(file => path.basename(file).includes(number)) : [];
	const those = named.length > 0 ? await inFiles(named) : [];
	const meant = those.flatMap(({file, scenarios}) => {
		const its = scenarios.filter(({reproduction}) => reproduction && means(typed, reproduction.issue));
		return its.length > 0 ? [{file, scenarios: its}] : [];
	});
	if (meant.length > 0) {
		return meant;
	}

	throw new UsageError(`No file in ${issueFolder} is about ${typed}.${suggestions(typed, number, all)}`, {
		remedy: `Write one: swarmlab reproduce --new ${/#\d|CVE/i.test(typed) ? typed : `moby/moby#${number ?? 'N'}`}`,
	});
}

/** Returns the number of a report. That of a CVE comes after its year. */
function numberIn(text: string): string | undefined {
	return /\d{3,}(?!.*\d{3,})/.exec(text)?.[0];
}

function suggestions(typed: string, number: string | undefined, files: readonly string[]): string {
	const names = files.map(file => path.basename(file, '.ts'));
	const byNumber = nearest(
		number ?? typed,
		names.flatMap(name => numberIn(name) ?? []),
	);
	const words = typed
		.toLowerCase()
		.split(/[^a-z]+/)
		.filter(word => word.length > 3 && word !== 'moby');
	const near = files.filter(
		(_, index) =>
			byNumber.some(each => names[index]!.includes(each)) || words.some(word => names[index]!.includes(word)),
	);
	const shown = (near.length > 0 ? near : files).slice(0, 5).map(file => displayPath(process.cwd(), file));
	return shown.length > 0
		? ` ${near.length > 0 ? 'The nearest files' : 'Files that are there'}: ${shown.join(', ')}.`
		: '';
}

/** Throws UsageError for a file that does not load, or that reproduces nothing. */
async function inFiles(files: readonly string[]): Promise<ReproductionFile[]> {
	const plan = await planScenarios(files, {folder: process.cwd()});
	requireSome(plan);
	const [problem] = plan.problems;
	if (problem) {
		throw new UsageError(problem.reason.message, {remedy: problem.reason.remedy ?? 'Correct the file.'});
	}

	const reproducing = plan.files.map(file => ({
		file,
		scenarios: plan.scenarios.filter(each => each.file === fromWorkspace(file) && each.reproduction),
	}));
	const idle = reproducing.filter(({scenarios}) => scenarios.length === 0);
	if (idle.length > 0) {
		const names = idle.map(({file}) => displayPath(process.cwd(), file)).join(', ');
		throw new UsageError(`${names} reproduces no report: none of its scenarios has an issue.`, {
			remedy: "Add issue: 'moby/moby#N' to its needs, or use swarmlab run.",
		});
	}

	return reproducing;
}

/**
 * Returns the variant of their nodes; undefined if they are as usual.
 * @throws UsageError if they need different ones, or if it is not valid
 */
export function variantNeeded(scenarios: readonly PlannedScenario[]): Variant | undefined {
	const [first, ...others] = [
		...new Map(
			scenarios.map(({reproduction}) => [JSON.stringify(reproduction?.variant), reproduction?.variant]),
		).values(),
	];
	if (others.length > 0) {
		throw new UsageError(`The scenarios of ${scenarios[0]!.file} need different variants.`, {
			remedy: 'Put them into files of their own.',
		});
	}

	const problems = first ? variantProblems([first], () => `variant in ${scenarios[0]!.file}`) : [];
	if (problems.length > 0) {
		throw new UsageError(listed(problems), {remedy: 'docs/variants.md has what a variant can change.'});
	}

	return first;
}

/** Returns the machines that all of these scenarios need. */
function topologyOf(
	scenarios: readonly PlannedScenario[],
): Required<Pick<Reproduction, 'managers' | 'workers' | 'outsiders'>> {
	const most = (of: 'managers' | 'workers' | 'outsiders') =>
		Math.max(...scenarios.map(({reproduction}) => reproduction?.[of] ?? 0));
	return {managers: Math.max(1, most('managers')), workers: most('workers'), outsiders: most('outsiders')};
}

/** Returns the options with the number of machines that these scenarios need, where no option says another. */
export function withTopology<F extends Pick<MatrixFlags, 'managers' | 'workers' | 'outsiders'>>(
	flags: F,
	scenarios: readonly PlannedScenario[],
): F {
	const {managers, workers, outsiders} = topologyOf(scenarios);
	return {
		...flags,
		managers: flags.managers ?? String(managers),
		workers: flags.workers ?? String(workers),
		outsiders: flags.outsiders ?? String(outsiders),
	};
}

/** Returns the config with this variant for all nodes, unless the options name variants. */
export function withVariant(
	loaded: LoadedConfig,
	variant: Variant | undefined,
	{variant: asked, daemon}: Pick<MatrixFlags, 'variant' | 'daemon'>,
): LoadedConfig {
	return variant && !asked && !daemon ? {...loaded, settings: {...loaded.settings, variants: [variant]}} : loaded;
}
