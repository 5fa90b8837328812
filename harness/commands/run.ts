/** `swarmlab run`: the matrix, proven. */
import type {PlannedScenario} from '../model.ts';
import {runs} from '../paths.ts';
import type {ScenarioPlan} from '../plan/scenarios.ts';
import {again, answerJson, type Register, say} from './command.ts';
import {addInstallOption, type InstallFlags, makeFit} from './fit.ts';
import {about, addMatrixOptions, lookedAt, type MatrixFlags, readCells, readConfig, readPackages} from './matrix.ts';

interface RunFlags extends MatrixFlags, InstallFlags {
	filter: string[];
	keep?: boolean;
	cold?: boolean;
	stages?: boolean;
	json?: boolean;
}

const examples = `
Examples:
  swarmlab run                                        what swarmlab.config.ts says
  swarmlab run --kernel 5.10,6.1 --docker 20.10,26.1  4 cells
  swarmlab run scenarios/vip.ts --repeat 10           one file, ten times: how flaky is it?
  swarmlab run --filter 'routing mesh' --keep         leave the machines up to look around: swarmlab ssh m1
  swarmlab run --cell k6.1 --jobs 1                   some cells of the matrix, one after another

Exit code: 0 all passed, 1 something failed (the product), 2 something is broken (the lab) or nothing was proven,
64 wrong usage, 69 this host cannot run it.`;

export const registerRun: Register = (program, finish) => {
	const command = program
		.command('run')
		.summary('prove the scenarios on every cell of the matrix')
		.description(
			'Brings up the machines of each cell, forms a swarm, proves the scenarios, and writes JUnit. Installs what this host lacks (--no-install does not).',
		)
		.argument('[files...]', 'scenario files, folders or globs (default: those of the config)');
	addInstallOption(addMatrixOptions(command))
		.option('--filter <text>', 'only scenarios whose title contains this; may be repeated', again, [])
		.option('--repeat <n>', 'prove every scenario so often')
		.option('--jobs <n>', 'cells that are up at once: a number or auto')
		.option('--cold', 'boot every machine, instead of restoring frozen ones')
		.option('--stages', 'start scenarios where what they arrange stands already (default, but not with CI set)')
		.option('--no-stages', 'arrange everything in each run')
		.option('--keep', 'leave the machines up at the end')
		.option('--json', 'print the summary as JSON on stdout')
		.addHelpText('after', examples)
		.action(async (files: string[], flags: RunFlags) => {
			// What was typed is checked before anything is done to this host.
			const loaded = await readConfig(flags);
			const {settings, folder} = loaded;
			const {planScenarios} = await import('../plan/scenarios.ts');
			const planned = await (files.length > 0
				? planScenarios(files, process.cwd())
				: planScenarios(settings.scenarios, folder));
			const chosen = await choose(planned, flags.filter);

			const wanted = {vagrant: settings.providers.includes('vagrant')};
			const {requireForPlan} = await import('../host/index.ts');
			await requireForPlan(wanted);
			const packages = await readPackages(loaded);
			const cells = await readCells(loaded, packages, flags, about(chosen.scenarios));
			const scenarios = lookedAt(chosen.scenarios, cells);
			await makeFit(flags, wanted);

			const {runMatrix} = await import('../run/run.ts');
			const {exitCode, summary} = await runMatrix({
				cells,
				files: chosen.files,
				scenarios,
				filter: flags.filter,
				repeat: settings.repeat,
				stages: flags.stages ?? !process.env.CI,
				origin: flags.cold ? 'cold boot' : 'frozen cluster',
				keep: flags.keep ?? false,
				jobs: settings.jobs,
				packages,
				command: ['swarmlab', ...process.argv.slice(2)],
			});
			await forgetOldRuns(settings.runsKept);
			if (flags.json) {
				answerJson(summary);
			}

			finish(exitCode);
		});
};

/**
 * The files to run and the titles that they announce. A file that does not load is run beside others, so that it stands in
 * the results as broken; with a filter it was not asked for.
 * @throws UsageError when no scenario is left: no machine is started to prove nothing.
 */
async function choose(plan: ScenarioPlan, filter: string[]): Promise<{files: string[]; scenarios: PlannedScenario[]}> {
	const {chooseScenarios, fromProject, requireSome} = await import('../plan/scenarios.ts');
	requireSome(plan);
	for (const {reason} of plan.problems) {
		say(`warning: ${reason.message}`);
	}

	for (const file of plan.passedOver) {
		say(`warning: ${file} is passed over: it does not import 'swarmlab'`);
	}

	const scenarios = chooseScenarios(plan.scenarios, filter);
	const wanted = new Set([...scenarios, ...(filter.length === 0 ? plan.problems : [])].map(({file}) => file));
	return {files: plan.files.filter(file => wanted.has(fromProject(file))), scenarios};
}

async function forgetOldRuns(kept: number): Promise<void> {
	const {removeOldRuns} = await import('./old-runs.ts');
	const {readLeases} = await import('../processes/leases.ts');
	removeOldRuns(
		runs,
		kept,
		readLeases().map(({id}) => id),
	);
}
