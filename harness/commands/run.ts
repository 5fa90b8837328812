/** `swarmlab run`: proves the scenarios on the matrix. */
import {runs} from '../paths.ts';
import {applicableScenarios, readCells, readConfig, readPackages, subjectsOf} from '../plan/resolve.ts';
import {readScenarios} from './chosen.ts';
import {print, printJson, type Register} from './command.ts';
import {needsOf, prepareHost} from './fit.ts';
import {cellsOf} from './last-failed.ts';
import {addRunOptions, type RunFlags, runSettingsOf} from './run-options.ts';

const examples = `
Examples:
  swarmlab run                                        what swarmlab.config.ts says
  swarmlab run --kernel 5.10,6.1 --docker 20.10,26.1  4 cells
  swarmlab run scenarios/vip.ts --repeat 10           one file, ten times: how flaky is it?
  swarmlab run scenarios/vip.ts:5                     the scenario at that line, as plans and reports print it
  swarmlab run --filter 'routing mesh' --keep         leave the machines up to look around: swarmlab ssh m1
  swarmlab run --last-failed                          what was red in the last run, where it was
  swarmlab run --cell k6.1 --jobs 1                   the cells of this kernel (not those of 6.12), one after another

Exit code: 0 all passed, 1 something failed (the product), 2 something is broken (the lab) or nothing was proven,
64 wrong usage, 69 this host cannot run it.`;

export const registerRun: Register = (program, finish) => {
	const command = program
		.command('run')
		.summary('prove the scenarios on every cell of the matrix')
		.description(
			'Brings up the machines of each cell, forms a swarm, proves the scenarios, and writes JUnit. Installs what this host lacks (--no-install does not).',
		);
	addRunOptions(command, 'print the summary as JSON on stdout')
		.addHelpText('after', examples)
		.action(async (files: string[], flags: RunFlags) => {
			// What was typed is checked before anything is done to this host.
			const loaded = await readConfig(flags);
			const {settings} = loaded;
			const chosen = await readScenarios(loaded, files, flags);
			for (const {reason} of chosen.problems) {
				print(`warning: ${reason.message}`);
			}

			const needs = await needsOf(settings.providers);
			const {requireForPlan} = await import('../host/index.ts');
			await requireForPlan(needs);
			const packages = await readPackages(loaded);
			const planned = await readCells(loaded, packages, flags, subjectsOf(chosen.scenarios), print);
			const cells = chosen.red ? cellsOf(planned, chosen.red) : planned;
			const scenarios = applicableScenarios(chosen.scenarios, cells);
			const {prepareNightly} = await import('./nightly.ts');
			const nightly = prepareNightly(flags, cells, scenarios);
			for (const notice of nightly?.notices ?? []) {
				print(`note: ${notice}`);
			}

			await prepareHost(flags, needs);

			const {runMatrix} = await import('../run/run.ts');
			const {createReporter} = await import('../../reports/live.ts');
			const {writeReports} = await import('../../reports/write.ts');
			const {exitCode, summary} = await runMatrix(
				{
					cells,
					files: chosen.files,
					scenarios,
					filter: flags.filter ?? [],
					isPart: chosen.isPart,
					...runSettingsOf(flags, settings),
					...nightly?.options,
					packages,
					knownFailures: settings.knownFailures,
					command: ['swarmlab', ...process.argv.slice(2)],
				},
				{open: folder => createReporter({stream: process.stderr, folder}), write: writeReports},
			);
			await forgetOldRuns(settings.runsKept);
			if (flags.json) {
				printJson(summary);
			}

			finish(exitCode);
		});
};

async function forgetOldRuns(kept: number): Promise<void> {
	const {removeOldRuns} = await import('./old-runs.ts');
	const {readLeases} = await import('../processes/leases.ts');
	removeOldRuns(
		runs,
		kept,
		readLeases().map(({id}) => id),
	);
}
