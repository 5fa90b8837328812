/** The run of `swarmlab compare`: proves scenarios on all cells, and takes evidence of those that pass, too. */
import {UsageError} from '../errors.ts';
import {applicableScenarios, readCells, readConfig, readPackages, subjectsOf} from '../plan/resolve.ts';
import type {RunOutcome} from '../run/run.ts';
import {readScenarios} from './chosen.ts';
import {print} from './command.ts';
import type {CompareFlags} from './compare.ts';
import {needsOf, prepareHost} from './fit.ts';
import {runSettingsOf} from './run-options.ts';

/** Throws UsageError if fewer than two cells would be compared. */
export async function proveForComparison(files: readonly string[], flags: CompareFlags): Promise<RunOutcome> {
	const first = await readConfig(flags);
	const chosen = await readScenarios(first, files, flags);
	// Scenarios that reproduce reports say which machines they need.
	const {withTopology} = await import('../plan/reproductions.ts');
	const asked = chosen.scenarios.every(({reproduction}) => reproduction)
		? withTopology(flags, chosen.scenarios)
		: flags;
	const loaded = await readConfig(asked);
	const {settings} = loaded;
	for (const {reason} of chosen.problems) {
		print(`warning: ${reason.message}`);
	}

	const needs = await needsOf(settings.providers);
	const {requireForPlan} = await import('../host/index.ts');
	await requireForPlan(needs);
	const packages = await readPackages(loaded);
	const cells = await readCells(loaded, packages, asked, subjectsOf(chosen.scenarios), print);
	if (cells.length < 2) {
		throw new UsageError(`There is one cell, ${cells[0]?.id}: there is nothing to compare it with.`, {
			remedy: 'Name at least two kernels, engines or variants: --docker 20.10,28.5',
		});
	}

	await prepareHost(flags, needs);
	const {runMatrix} = await import('../run/run.ts');
	const {createReporter} = await import('../../reports/live.ts');
	const {writeReports} = await import('../../reports/write.ts');
	return runMatrix(
		{
			cells,
			files: chosen.files,
			scenarios: applicableScenarios(chosen.scenarios, cells),
			filter: flags.filter ?? [],
			isPart: chosen.isPart,
			...runSettingsOf({...flags, evidence: 'always'}, settings),
			// On machines of its own: what another scenario made would be in the state that is compared.
			isolated: true,
			packages,
			knownFailures: settings.knownFailures,
			command: ['swarmlab', ...process.argv.slice(2)],
		},
		{open: folder => createReporter({stream: process.stderr, folder}), write: writeReports},
	);
}
