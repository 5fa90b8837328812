/** Chooses scenarios by the files and options of a command line, for `run` and `plan`. */
import type {LoadedConfig} from '../config/load.ts';
import {UsageError} from '../errors.ts';
import type {PlannedScenario} from '../model/index.ts';
import {configNamed} from '../plan/resolve.ts';
import type {ScenarioProblem} from '../plan/scenarios.ts';
import {type ChoosingFlags, chooseByGrep, chooseByTag, firstChoice, isChosen} from './choosing.ts';
import {print} from './command.ts';
import type {RedOfRun} from './last-failed.ts';

export interface ScenarioSelection {
	/** Absolute paths. They include files that do not load, so that these are broken in the results. */
	files: string[];
	scenarios: PlannedScenario[];
	/** None with a filter: a file that failed to announce its titles may hold none of the scenarios asked for. */
	problems: ScenarioProblem[];
	/** True if the files hold more than these scenarios, because these were chosen one by one. */
	isPart: boolean;
	/** With `--last-failed`: what was red in the last run. */
	red?: RedOfRun;
}

/**
 * Reads what the files announce, prints a warning for each file that was passed over, and applies the options that choose. With
 * them, files that do not load are left out of `files`. Throws UsageError when no scenario is left.
 */
export async function readScenarios(
	loaded: LoadedConfig,
	files: readonly string[],
	flags: ChoosingFlags & {shard?: string} = {},
): Promise<ScenarioSelection> {
	if (flags.shard !== undefined) {
		throw new UsageError('--shard is a part of a plan, and no --plan is given: each machine would plan for itself.', {
			remedy: 'swarmlab plan --json > plan.json; then swarmlab run --plan plan.json --shard 1/2',
		});
	}

	const {filter = []} = flags;
	const past = flags.lastFailed ? await import('./last-failed.ts') : undefined;
	const red = await past?.readLastFailed();
	if (filter.some(text => text.trim() === '')) {
		throw new UsageError("--filter: '' chooses nothing.", {remedy: 'Leave --filter out, or give a part of a title.'});
	}

	const {warnOfAnother} = await import('./another-copy.ts');
	warnOfAnother(print);
	const {chooseScenarios, fromWorkspace, planScenarios, requireSome} = await import('../plan/scenarios.ts');
	const {settings, folder} = loaded;
	const plan = await (files.length > 0
		? planScenarios(files, {folder: process.cwd()})
		: planScenarios(settings.scenarios, {folder, config: configNamed(loaded), isUnwritten: loaded.file === undefined}));
	for (const notice of plan.notices) {
		print(`warning: ${notice}`);
	}

	// Ends here, so that no machine is started without a scenario to prove.
	requireSome(plan);
	const found = chooseByTag(chooseByGrep(chooseScenarios(plan.scenarios, filter), flags), flags);
	const scenarios = past && red ? past.scenariosOf(found, red) : found;
	const choice = firstChoice(flags);
	if (choice && plan.problems.length > 0) {
		const left = [...new Set(plan.problems.map(({file}) => file))].join(', ');
		print(`note: of ${left} nothing is known, as what it announces cannot be read; ${choice} leaves it out`);
	}

	const problems = choice ? [] : plan.problems;
	const wanted = new Set([...scenarios, ...problems].map(({file}) => file));
	return {
		files: plan.files.filter(file => wanted.has(fromWorkspace(file))),
		scenarios,
		problems,
		isPart: plan.isPart || isChosen(flags),
		...(red && {red}),
	};
}
