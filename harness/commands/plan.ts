/** `swarmlab plan`: shows what `run` would do, without doing it. */
import type {LoadedConfig} from '../config/load.ts';
import {listed, UsageError} from '../errors.ts';
import {type Cell, type Engine, stackOf, uniform, variantOf} from '../model/index.ts';
import type {PlanContent, PlanFile} from '../plan/plan-file.ts';
import {applicableScenarios, loadForCells, readCells, readConfig, readPackages, subjectsOf} from '../plan/resolve.ts';
import type {ScenarioProblem} from '../plan/scenarios.ts';
import {readScenarios} from './chosen.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addRunOptions, type RunFlags, type RunSettings, runSettingsOf} from './run-options.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab plan --kernel 5.10,6.1,6.12 --docker 20.10,26.1   the 6 cells
  swarmlab plan scenarios/vip.ts:5                           the scenario at that line
  swarmlab plan --json | jq -r '.cells[].id'                 their ids, for a CI matrix
  swarmlab plan --json > plan.json                           for other machines: swarmlab run --plan plan.json --shard 1/2`;

export const registerPlan: Register = (program, finish) => {
	const command = program
		.command('plan')
		.summary('show the cells and scenarios of a run, without running')
		.description('Shows the cells and the scenarios that `swarmlab run` with the same options would prove.');
	addRunOptions(command, 'print JSON')
		.addHelpText('after', examples)
		.action(async (files: string[], flags: RunFlags) => {
			const loaded = await readConfig(flags);
			const {cells, planned, problems, manner, knownFailures} =
				flags.on === undefined
					? flags.plan
						? await partOf(flags.plan, loaded, files, flags)
						: await asAsked(loaded, files, flags)
					: await onUp(flags.on, loaded, files, flags);
			const wrong = problems.filter(isWrong);
			// Part of what was asked for cannot be planned: a CI that reads the plan must not see success.
			if (problems.length > 0) {
				finish(64);
			}

			if (flags.json) {
				printJson('plan', await planFile(cells, {scenarios: planned, problems, manner, knownFailures}));
				refuse(wrong);
				return;
			}

			const rows = cells.map(cell => [
				cell.id,
				uniform(cell, ({kernel}) => kernel.release),
				underTest(cell),
				`${cell.nodes.length} × ${uniform(cell, ({memory}) => memory)} MiB, ${uniform(cell, ({cpus}) => cpus)} CPU`,
			]);
			printAnswer(table([['CELL', 'KERNEL', 'UNDER TEST', 'MACHINES'], ...rows]));
			printAnswer(`\n${count(planned.length, 'scenario')} on ${count(cells.length, 'cell')}${inWords(manner)}:`);
			printAnswer(
				table(
					planned.map(({file, line, title, tags = []}) => [
						`  ${file}${line ? `:${line}` : ''}`,
						`${title}${tags.map(each => ` @${each}`).join('')}`,
					]),
				),
			);
			for (const {reason} of problems.filter(each => !wrong.includes(each))) {
				print(`warning: ${reason.message}`);
			}

			refuse(wrong);
		});
};

/** What `run` with these options would prove. */
async function asAsked(loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const {settings} = loaded;
	// Both while another process loads the scenario files. What is wrong with these is reported first.
	const packages = readPackages(loaded);
	packages.catch(() => {});
	const ready = loadForCells();
	const {scenarios, problems, red} = await readScenarios(loaded, files, flags);
	await ready;
	const all = await readCells(loaded, await packages, flags, subjectsOf(scenarios), print);
	const cells = red ? (await import('./last-failed.ts')).cellsOf(all, red) : all;
	const planned = applicableScenarios(scenarios, cells);
	return {cells, planned, problems, manner: runSettingsOf(flags, settings), knownFailures: settings.knownFailures};
}

/** What `run` would prove on a cell that is up. */
async function onUp(on: string, loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const {readOn} = await import('./on-up.ts');
	const {cells, scenarios, problems} = await readOn(on, loaded, files, flags);
	const {settings} = loaded;
	const manner = runSettingsOf(flags, settings);
	return {cells, planned: scenarios, problems, manner, knownFailures: settings.knownFailures};
}

/** What `run` would prove of a plan. */
async function partOf(file: string, loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const {readPart} = await import('./planned.ts');
	const {cells, scenarios, manner, knownFailures, check} = await readPart(file, files, flags);
	await check(await readPackages(loaded));
	const settings = {...runSettingsOf(flags, loaded.settings), ...manner};
	return {cells, planned: applicableScenarios(scenarios, cells), problems: [], manner: settings, knownFailures};
}

/** Returns the plan with how long its cells took the last time here. */
async function planFile(
	cells: Cell[],
	{manner, ...content}: Omit<PlanContent, 'cells' | 'seconds'> & {manner: RunSettings},
): Promise<PlanFile> {
	const {planFileOf} = await import('../plan/plan-file.ts');
	const {pastSeconds} = await import('../history/durations.ts');
	const past = pastSeconds().cells;
	const seconds = Object.fromEntries(cells.flatMap(({id}) => (past[id] === undefined ? [] : [[id, past[id]]])));
	return planFileOf({cells, seconds, ...content, manner});
}

/** Returns whether a file loads but announces something invalid. That is reported as wrong usage. */
function isWrong({reason}: ScenarioProblem): boolean {
	return reason.type === UsageError.name;
}

/** Throws UsageError with every invalid announcement. */
function refuse(wrong: readonly ScenarioProblem[]): void {
	if (wrong.length > 0) {
		throw new UsageError(listed(wrong.map(({reason}) => reason.message)), {
			remedy: 'Mend it: until then none of the scenarios of these files can be proven.',
		});
	}
}

/** Describes the settings that differ from the usual ones: `, each 3 times, 2 cells at once`. */
function inWords({repeat, seed, jobs, origin, keep, untilFailure, maxFailures}: RunSettings): string {
	return [
		...(untilFailure ? [`until something fails, at most ${repeat} times`] : repeat > 1 ? [`each ${repeat} times`] : []),
		...(maxFailures ? [`until there are ${count(maxFailures, 'failure')}`] : []),
		...(seed === undefined ? [] : [`in the order of seed ${seed}`]),
		...(jobs === 'auto' ? [] : [`${count(jobs, 'cell')} at once`]),
		...(origin === 'cold boot' ? ['every machine booted'] : []),
		...(keep ? [keep === 'failed' ? 'machines left up on which something did not pass' : 'machines left up'] : []),
	]
		.map(each => `, ${each}`)
		.join('');
}

function underTest(cell: Cell): string {
	const engines = uniform(cell, ({engine}) => `Docker ${engine.version} on ${homeOf(engine)}`);
	const variants = cell.nodes.some(({variant}) => variant) ? `, with ${uniform(cell, variantOf)}` : '';
	return (
		stackOf(cell)?.what ?? `${[engines, ...(cell.upgrade ?? []).map(({version}) => version)].join(' → ')}${variants}`
	);
}

/** `trixie`; `trixie (trixie-security)` where the package comes from another suite of the release. */
function homeOf({source}: Engine): string {
	const from = source.type === 'package' ? source.package.suite : source.suite;
	return from === source.suite ? source.suite : `${source.suite} (${from})`;
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
