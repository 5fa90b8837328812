/** `swarmlab run`: proves the scenarios on the matrix. */
import fs from 'node:fs';
import {asTyped} from '../called.ts';
import type {LoadedConfig} from '../config/load.ts';
import type {Cell, PlannedScenario} from '../model/index.ts';
import {runs} from '../paths.ts';
import {applicableScenarios, readCells, readConfig, readPackages, subjectsOf} from '../plan/resolve.ts';
import type {RunOptions} from '../run/context.ts';
import type {DebugStop} from '../run/debug.ts';
import type {RunOutcome} from '../run/run.ts';
import {readScenarios} from './chosen.ts';
import {print, printJson, type Register} from './command.ts';
import {needsOf, prepareHost} from './fit.ts';
import {giveOn, requireOutput} from './results.ts';
import {addRunOptions, type RunFlags, runSettingsOf} from './run-options.ts';

const examples = `
Examples:
  swarmlab run                                        what swarmlab.config.ts says
  swarmlab run --kernel 5.10,6.1 --docker 20.10,26.1  4 cells
  swarmlab run scenarios/vip.ts --repeat 10           one file, ten times: how flaky is it?
  swarmlab run scenarios/vip.ts:5                     the scenario at that line, as plans and reports print it
  swarmlab run --filter 'routing mesh' --keep         leave the machines up to look around: swarmlab ssh m1
  swarmlab run scenarios/vip.ts --watch               the verdict again at each save, until Ctrl-C
  swarmlab run --filter mesh --debug                  a prompt at each failure: ssh, exec, docker, capture, retry
  swarmlab run --keep=failed                          leave those up on which something did not pass
  swarmlab run scenarios/vip.ts --on k6.1             on the cell that swarmlab up has brought up, in seconds
  swarmlab run --last-failed                          what was red in the last run, where it was
  swarmlab run --cell k6.1 --jobs 1                   the cells of this kernel (not those of 6.12), one after another

Exit code: 0 all passed, 1 something failed (the product), 2 something is broken (the lab) or nothing was proven,
64 wrong usage, 69 this host cannot run it.`;

export const registerRun: Register = (program, finish) => {
	const run = program
		.command('run')
		.summary('prove the scenarios on every cell of the matrix')
		.description(
			'Brings up the machines of each cell, forms a swarm, proves the scenarios, and writes JUnit. Installs what this host lacks (--no-install does not).',
		);
	addRunOptions(run, 'print the summary as JSON on stdout')
		.addHelpText('after', examples)
		.action(async (files: string[], flags: RunFlags) => {
			// What was typed is checked before anything is done to this host.
			requireOutput(flags);
			const prove = await proverOf(flags);
			const loaded = await readConfig(flags);
			const {settings} = loaded;
			if (flags.watch) {
				const {watch} = await import('./watch.ts');
				await watch(loaded, files, flags, async options => {
					const outcome = await prove(options);
					await forgetOldRuns(settings.runsKept);
					return outcome;
				});
				return;
			}

			const {packages, nightly, ...what} =
				flags.on === undefined
					? flags.plan
						? await asPlanned(flags.plan, loaded, files, flags)
						: await asAsked(loaded, files, flags)
					: await onUp(flags.on, loaded, files, flags);
			const options = {...what, packages, filter: flags.filter ?? [], command};
			const {exitCode, ...outcome} = await prove(options);
			const summary = nightly ? await nightly.attribute(outcome, options) : outcome.summary;
			await forgetOldRuns(settings.runsKept);
			await giveOn(flags, outcome.folder, summary);
			if (flags.json) {
				printJson('summary', summary);
			}

			printKept(outcome.kept);
			finish(exitCode);
		});
};

/** The command line, for the record. */
const command = ['swarmlab', ...process.argv.slice(2)];

/** Returns what makes a run and shows it. Throws UsageError for `--debug` without a terminal. */
async function proverOf({debug}: RunFlags) {
	const prompt = debug ? await import('./debug-prompt.ts') : undefined;
	prompt?.requireTerminal();
	return async (given: Omit<RunOptions, 'command'>): Promise<RunOutcome> => {
		const {runMatrix} = await import('../run/run.ts');
		const {createReporter} = await import('../../reports/live.ts');
		const {writeReports} = await import('../../reports/write.ts');
		let reporter: ReturnType<typeof createReporter> | undefined;
		const options: RunOptions = {
			...{...given, command},
			...(prompt && {debug: async (stop: DebugStop) => prompt.askAtStop(stop, () => reporter!.hold())}),
		};
		const prove = async () =>
			runMatrix(options, {
				open(folder) {
					reporter = createReporter({stream: process.stderr, folder});
					return reporter;
				},
				write: writeReports,
			});
		if (!options.onCell) {
			return prove();
		}

		const {proveAlone} = await import('../run/proving.ts');
		return proveAlone(options.onCell, holder => print(`waits for ${holder}, which proves on this cell`), prove);
	};
}

/** Says how the cells are reached that `--keep` left up, and how they are removed. */
function printKept(kept: RunOutcome['kept']): void {
	if (kept) {
		const {run, cells} = kept;
		print(
			asTyped(`left up: ${cells.join(', ')}: swarmlab status; swarmlab ssh m1 --cell ${run}; swarmlab down ${run}`),
		);
	}
}

/** What this command line and config ask for. */
async function asAsked(loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const {settings} = loaded;
	const chosen = await readScenarios(loaded, files, flags);
	for (const {reason} of chosen.problems) {
		print(`warning: ${reason.message}`);
	}

	const needs = await requireFor(settings.providers);
	const packages = await readPackages(loaded);
	const planned = await readCells(loaded, packages, flags, subjectsOf(chosen.scenarios), print);
	const cells = chosen.red ? (await import('./last-failed.ts')).cellsOf(planned, chosen.red) : planned;
	const scenarios = applicableScenarios(chosen.scenarios, cells);
	const nightly = await nightlyOf(flags, cells, scenarios);
	await prepareHost(flags, needs);
	const {knownFailures} = settings;
	const {files: its, isPart} = chosen;
	const manner = {...runSettingsOf(flags, settings), ...nightly?.options};
	const explained = flags.attribute === false ? undefined : nightly;
	return {...{cells, scenarios, files: its, isPart, knownFailures, packages, nightly: explained}, ...manner};
}

/** What is proven on a cell that is up. */
async function onUp(on: string, loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const {readOn} = await import('./on-up.ts');
	const {problems, red: _, up, ...part} = await readOn(on, loaded, files, flags);
	for (const {reason} of problems) {
		print(`warning: ${reason.message}`);
	}

	const {settings} = loaded;
	const packages = await readPackages(loaded);
	// Its machines are there, so nothing is restored.
	const manner = {...runSettingsOf(flags, settings), origin: 'cold boot', reuseFixtures: false} as const;
	return {...part, knownFailures: settings.knownFailures, packages, nightly: undefined, onCell: up.handle, ...manner};
}

/** What a plan asks for. */
async function asPlanned(file: string, loaded: LoadedConfig, files: readonly string[], flags: RunFlags) {
	const {readPart} = await import('./planned.ts');
	const {check, manner, ...part} = await readPart(file, files, flags);
	const needs = await requireFor([...new Set(part.cells.map(({provider}) => provider))]);
	const packages = await readPackages(loaded);
	await check(packages);
	await prepareHost(flags, needs);
	return {...part, packages, nightly: undefined, ...runSettingsOf(flags, loaded.settings), ...manner};
}

/** Returns what a run that is compared with earlier ones needs. */
async function nightlyOf(flags: RunFlags, cells: Cell[], scenarios: PlannedScenario[]) {
	const {prepareNightly} = await import('./nightly.ts');
	const nightly = prepareNightly(flags, cells, scenarios);
	for (const notice of nightly?.notices ?? []) {
		print(`note: ${notice}`);
	}

	return nightly;
}

/** Returns what this host must have for these providers. Throws HostError if what planning takes is not there. */
async function requireFor(providers: readonly string[]) {
	const needs = await needsOf(providers);
	const {requireForPlan} = await import('../host/index.ts');
	await requireForPlan(needs);
	return needs;
}

async function forgetOldRuns(kept: number): Promise<void> {
	const {removeOldRuns} = await import('./old-runs.ts');
	const {readLeases} = await import('../processes/leases.ts');
	// A run whose folder cannot be read is not removed either.
	const isOver = (fs.existsSync(runs) ? fs.readdirSync(runs) : []).length > kept;
	const good = isOver ? (await import('../verdict/baseline.ts')).newestGoodFolder() : undefined;
	removeOldRuns(runs, kept, [...readLeases().map(({id}) => id), ...(good ? [good] : [])]);
}
