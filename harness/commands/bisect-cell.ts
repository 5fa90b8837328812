/** The scenario that is bisected, and the cell of each version. */
import type {Packages} from '../artifacts/packages/packages.ts';
import type {Version} from '../bisect/points.ts';
import type {LoadedConfig} from '../config/load.ts';
import type {PackagesConfig} from '../config/types.ts';
import {UsageError} from '../errors.ts';
import type {HostNeeds} from '../host/index.ts';
import type {Cell, PlannedScenario} from '../model/index.ts';
import {variantNeeded, withTopology, withVariant} from '../plan/reproductions.ts';
import {type MatrixFlags, readCells, readConfig, subjectsOf} from '../plan/resolve.ts';
import type {BisectFlags} from './bisect.ts';
import type {AxisName} from './bisect-axes.ts';
import {onlyScenario, type ProverSettings} from './bisect-prover.ts';
import {readScenarios} from './chosen.ts';
import {print} from './command.ts';
import {needsOf} from './fit.ts';

export interface ChosenScenario {
	scenario: PlannedScenario;
	loaded: LoadedConfig;
	/** With the machines that it needs. */
	flags: BisectFlags;
	needs: readonly HostNeeds[];
}

/** Returns the one scenario that the files, with line or filter, mean. Throws UsageError. */
export async function chosenScenario(files: readonly string[], flags: BisectFlags): Promise<ChosenScenario> {
	const first = await readConfig(flags);
	const {scenarios, problems} = await readScenarios(first, files, flags);
	const [problem] = problems;
	if (problem) {
		throw new UsageError(problem.reason.message, {remedy: problem.reason.remedy ?? 'Correct the file.'});
	}

	const scenario = onlyScenario(scenarios);
	// A scenario that reproduces a report says which machines it needs.
	const asked = scenario.reproduction ? withTopology(flags, [scenario]) : flags;
	const loaded = withVariant(await readConfig(asked), variantNeeded([scenario]), asked);
	const needs = await needsOf(loaded.settings.providers);
	const {requireForPlan} = await import('../host/index.ts');
	await requireForPlan(needs);
	return {scenario, loaded, flags: asked, needs};
}

/** Returns a function that makes the cell of a version. It throws UsageError if the options leave more than one. */
export function cellReader(axis: AxisName, {scenario, flags}: ChosenScenario, packages: Packages) {
	let isFirst = true;
	return async (version: Version): Promise<Cell> => {
		// Warnings are the same each time.
		const warn = isFirst ? print : () => {};
		isFirst = false;
		const cell = await onlyCell({...flags, [axis]: [version.spec]}, scenario, packages, warn);
		return cell;
	};
}

/** Returns the only cell that the options leave. Throws UsageError. */
export async function onlyCell(
	flags: MatrixFlags,
	scenario: PlannedScenario,
	packages: Packages,
	warn: (line: string) => void = print,
): Promise<Cell> {
	const loaded = withVariant(await readConfig(flags), variantNeeded([scenario]), flags);
	const cells = await readCells(loaded, packages, flags, subjectsOf([scenario]), warn);
	const [cell, ...more] = cells;
	if (!cell || more.length > 0) {
		throw new UsageError(
			`A version is tried on one cell, and these options leave ${cells.length}:\n${cells.map(({id}) => `  ${id}`).join('\n')}`,
			{remedy: 'Choose one kernel, one engine, one provider: --kernel 6.1 --docker 28.5 --provider qemu'},
		);
	}

	return cell;
}

/** Returns how runs are made and shown, and what builds artifacts beside them. */
export async function toolsOf(packages: PackagesConfig): Promise<Pick<ProverSettings, 'run' | 'reports' | 'prepare'>> {
	const {runMatrix} = await import('../run/run.ts');
	const {buildBeside} = await import('../run/build-beside.ts');
	const {createReporter} = await import('../../reports/live.ts');
	const {writeReports} = await import('../../reports/write.ts');
	return {
		run: runMatrix,
		reports: {open: folder => createReporter({stream: process.stderr, folder}), write: writeReports},
		prepare: cells => buildBeside(cells, packages),
	};
}
