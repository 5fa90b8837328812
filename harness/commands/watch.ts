/** `run --watch`: the verdict again at each save, on a cell that stays up until Ctrl-C. */
import type {Packages} from '../artifacts/packages/packages.ts';
import type {LoadedConfig} from '../config/load.ts';
import {explain, HarnessError, UsageError} from '../errors.ts';
import type {Cell} from '../model/index.ts';
import {applicableScenarios, readCells, readPackages, subjectsOf} from '../plan/resolve.ts';
import type {CellUp} from '../run/by-hand.ts';
import type {RunOptions} from '../run/context.ts';
import {readScenarios, type ScenarioSelection} from './chosen.ts';
import {print} from './command.ts';
import {needsOf, prepareHost} from './fit.ts';
import {requireOne} from './one-cell.ts';
import {optionNames, type RunFlags, runSettingsOf} from './run-options.ts';
import {watchFiles} from './watched-files.ts';

/** Options about the results of one run, of which there are many here, and those about more cells than one. */
const refused: readonly (keyof RunFlags)[] = [
	...(['plan', 'shard', 'keep', 'json', 'baseline', 'failOn', 'lastFailed', 'output', 'reporter'] as const),
];

/** How a run is made and shown: with `run` itself. */
export type Prove = (options: Omit<RunOptions, 'command'>) => Promise<{changed?: boolean}>;

/** Proves at each save until Ctrl-C. Throws HarnessError if the cell cannot be brought up; then nothing of it is left. */
export async function watch(
	loaded: LoadedConfig,
	files: readonly string[],
	flags: RunFlags,
	prove: Prove,
): Promise<void> {
	const others = refused.filter(name => flags[name] !== undefined);
	if (others.length > 0) {
		throw new UsageError(`--watch proves again and again on one cell: leave out ${optionNames(others).join(', ')}.`, {
			remedy: 'Each verdict is a run of its own: swarmlab history shows them.',
		});
	}

	const {settings} = loaded;
	let selection = await readScenarios(loaded, files, flags);
	const lab = await openLab(loaded, selection, flags);
	const {onInterrupt} = await import('../run/interrupt.ts');
	const interrupt = onInterrupt(() => {});
	const {signal} = interrupt;
	let up = await lab.bringUp();
	try {
		while (!signal.aborted) {
			selection = await select(selection, up.handle.cell, async () => readScenarios(loaded, files, flags));
			const watched = watchFiles(selection.files);
			if (selection.scenarios.length > 0) {
				const {files: its, scenarios, isPart} = selection;
				const {changed} = await prove({
					...{files: its, scenarios, isPart, filter: flags.filter ?? [], cells: [up.handle.cell], onCell: up.handle},
					...{packages: lab.packages, knownFailures: settings.knownFailures, ...runSettingsOf(flags, settings)},
					...{origin: 'cold boot', reuseFixtures: false},
				});
				if (changed && !signal.aborted) {
					up = await lab.replace(up);
				}
			}

			if (!signal.aborted) {
				print(`waits for a save of ${watched.count === 1 ? 'one file' : `${watched.count} files`}; Ctrl-C ends it`);
				await watched.changed(signal).catch(() => {});
			}
		}
	} finally {
		await lab.close(up);
		interrupt.stop();
	}
}

/** Reads the files again. If they do not load, says why, and nothing is proven: the next save may mend it. */
async function select(
	before: ScenarioSelection,
	cell: Cell,
	read: () => Promise<ScenarioSelection>,
): Promise<ScenarioSelection> {
	try {
		const selection = await read();
		for (const {reason} of selection.problems) {
			print(`warning: ${reason.message}`);
		}

		return {...selection, scenarios: applicableScenarios(selection.scenarios, [cell])};
	} catch (error) {
		if (!(error instanceof HarnessError)) {
			throw error;
		}

		print(explain(error));
		return {...before, scenarios: []};
	}
}

interface Lab {
	packages: Packages;
	bringUp(): Promise<CellUp>;
	/** After a scenario changed the cell. */
	replace(up: CellUp): Promise<CellUp>;
	/** Removes what was brought up. */
	close(up: CellUp): Promise<void>;
}

/** Returns where the claims are proven: on the cell of `--on`, which stays up, or on one of its own. */
async function openLab(loaded: LoadedConfig, {scenarios}: ScenarioSelection, flags: RunFlags): Promise<Lab> {
	if (flags.on !== undefined) {
		const {cellOn} = await import('./on-up.ts');
		const up = await cellOn(flags.on, {...flags, watch: undefined});
		return {
			packages: await readPackages(loaded),
			bringUp: async () => up,
			async replace() {
				print(`warning: a scenario changed ${up.handle.run}; it stays as it is`);
				return up;
			},
			async close() {},
		};
	}

	const needs = await needsOf(loaded.settings.providers);
	const {requireForPlan} = await import('../host/index.ts');
	await requireForPlan(needs);
	const packages = await readPackages(loaded);
	const cell = requireOne(await readCells(loaded, packages, flags, subjectsOf(scenarios), print));
	applicableScenarios(scenarios, [cell]);
	await prepareHost(flags, needs);
	const {bringUp, takeDown} = await import('../run/by-hand.ts');
	const {origin} = runSettingsOf(flags, loaded.settings);
	// It goes with this process, also if that is killed: then gc finds it.
	const open = async () => bringUp(cell, {packages, origin, print, by: 'program'});
	const close = async (up: CellUp) => {
		for (const leftover of (await takeDown(up)).leftovers) {
			print(`warning: could not be removed: ${leftover}`);
		}
	};
	return {
		packages,
		bringUp: open,
		async replace(up) {
			print('a scenario changed the cell, so another one takes its place');
			await close(up);
			return open();
		},
		close,
	};
}
