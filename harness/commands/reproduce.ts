/** `swarmlab reproduce`: proves the claim of a public report on every cell, and writes a block to paste into the report. */
import type {Command} from 'commander';
import {UsageError} from '../errors.ts';
import {mostTries} from '../expect/interval.ts';
import {isEnough} from '../expect/rate.ts';
import type {ReproductionFile} from '../plan/reproductions.ts';
import {type MatrixFlags, readCells, readConfig, readPackages} from '../plan/resolve.ts';
import {counted} from '../record/counted.ts';
import type {RunSummary} from '../record/summary/summary.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addInstallOption, type InstallFlags, needsOf, prepareHost} from './fit.ts';
import {addMatrixOptions} from './matrix-options.ts';
import {addNewOptions, type NewFlags} from './new-reproduction-options.ts';

const examples = `
Examples:
  swarmlab reproduce 40989 --docker 20.10@bullseye,20.10@bookworm,26.1,28.5
  swarmlab reproduce moby/moby#43146 --kernel 6.1 --repeat 5
  swarmlab reproduce scenarios/issues --docker 20.10,28.5 --provider container    all files of a folder
  swarmlab reproduce --new moby/moby#12345 --title 'a service answers by its name' --step 'm1: docker node ls'
  swarmlab reproduce --table 2026-11-27T03-10 2026-11-27T03-20                    earlier runs as one table

Exit code: 0 every result is as expected, 1 one is not, 2 one could not be decided, 64 wrong usage, 69 this host cannot run it.`;

interface ReproduceFlags extends MatrixFlags, InstallFlags, NewFlags {
	table?: boolean;
	json?: boolean;
	jobs?: string;
}

export const registerReproduce: Register = (program, finish) => {
	const command = program
		.command('reproduce')
		.summary('reproduce a public report, and write a block to paste into it')
		.description(
			'Proves the claim of a public report on every engine and kernel, each time on fresh machines, and writes issue.md: which of them show it, how often, and how.',
		)
		.argument('[reports...]', 'reports (40989, moby/moby#40989, CVE-2023-28842), files or folders; with --table, runs');
	addNewOptions(addInstallOption(addMatrixOptions(command)))
		.option('--repeat <n>', `tries on each cell (default: until the rate is known well enough, at most ${mostTries})`)
		.option('--jobs <n>', 'cells and swarms that are up at once: a number or auto')
		.option('--table', 'print the table of reports and engines of these runs as Markdown')
		.option('--json', 'print the summaries as JSON')
		.addHelpText('after', examples)
		.action(async (reports: string[], flags: ReproduceFlags) => {
			if (flags.new !== undefined) {
				const {writeReproduction} = await import('./new-reproduction.ts');
				printAnswer(await writeReproduction(flags));
				return;
			}

			if (reports.length === 0) {
				throw new UsageError('No report is named.', {
					remedy: 'swarmlab reproduce 40989, or a file: swarmlab help reproduce',
				});
			}

			if (flags.table) {
				printAnswer(await tableOfRuns(reports));
				return;
			}

			const {findReproductions} = await import('../plan/reproductions.ts');
			const found = await findReproductions(reports);
			const runs = await untilInterrupted(found, async each => reproduce(each, flags, command));
			if (runs.length < found.length) {
				print(`${counted(found.length - runs.length, 'file')} of ${found.length} not begun.`);
			}

			if (runs.length > 1 && !flags.json) {
				const {issuesTable} = await import('../../reports/issues-table.ts');
				printAnswer(issuesTable(runs.map(({summary}) => summary)));
			}

			const codes = runs.map(({code}) => code);
			finish(codes.includes(1) ? 1 : Math.max(...codes));
		});
};

/** Does the files one after the other. Returns what each came to, up to the one whose run the user interrupted. */
export async function untilInterrupted<Item, Run extends {summary: Pick<RunSummary, 'state'>}>(
	items: readonly Item[],
	run: (item: Item) => Promise<Run>,
): Promise<Run[]> {
	const runs: Run[] = [];
	for (const item of items) {
		runs.push(await run(item));
		if (runs.at(-1)!.summary.state === 'interrupted') {
			break;
		}
	}

	return runs;
}

/** Reproduces the reports of one file, and prints the block. */
async function reproduce(
	{file, scenarios}: ReproductionFile,
	flags: ReproduceFlags,
	command: Command,
): Promise<{code: number; summary: RunSummary}> {
	const {withTopology, variantNeeded, withVariant} = await import('../plan/reproductions.ts');
	const asked = withTopology(flags, scenarios);
	const loaded = withVariant(await readConfig(asked), variantNeeded(scenarios), asked);
	const {settings} = loaded;
	const needs = await needsOf(settings.providers);
	const {requireForPlan} = await import('../host/index.ts');
	await requireForPlan(needs);
	const packages = await readPackages(loaded);
	const cells = await readCells(loaded, packages, asked, {swarms: true, stacks: false, exercises: false}, print);
	const {unreachedRanges} = await import('../plan/reachable.ts');
	const {listEngines} = await import('../artifacts/engines/engines.ts');
	for (const sentence of unreachedRanges(scenarios, cells, await listEngines(packages))) {
		print(`warning: ${sentence}`);
	}

	await prepareHost(flags, needs);
	const {runMatrix} = await import('../run/run.ts');
	const {createReporter} = await import('../../reports/live.ts');
	const {writeReports} = await import('../../reports/write.ts');
	const {isUndecided, reproductionBlock} = await import('../../reports/reproduction.ts');
	const {exitCode, summary} = await runMatrix(
		{
			...{cells, files: [file], scenarios, filter: [], isPart: true, isolated: true},
			repeat: flags.repeat === undefined ? mostTries : settings.repeat,
			...(flags.repeat === undefined && {enough: isEnough}),
			...{origin: 'cluster snapshot', reuseFixtures: false, keep: false, jobs: settings.jobs, packages},
			knownFailures: settings.knownFailures,
			command: commandOf(scenarios, command),
		},
		{open: folder => createReporter({stream: process.stderr, folder}), write: writeReports},
	);
	if (flags.json) {
		printJson('summary', summary);
	} else {
		printAnswer(reproductionBlock(summary));
	}

	// A claim that is skipped is no fault of the run, and no answer to the question.
	return {code: exitCode === 0 && isUndecided(summary) ? 2 : exitCode, summary};
}

/** Returns the command that does the same again, with the name of the report where a path was typed. */
function commandOf([first]: ReproductionFile['scenarios'], command: Command): string[] {
	// --no-install is about the host that it was typed on.
	const without = [...command.args, 'reproduce', '--no-install', '--json'];
	const typed = process.argv.slice(2).filter(word => !without.includes(word));
	return ['swarmlab', 'reproduce', first!.reproduction!.issue, ...typed];
}

async function tableOfRuns(runs: readonly string[]): Promise<string> {
	const {readRecord} = await import('../record/record.ts');
	const {findRun} = await import('../record/find.ts');
	const {summarise} = await import('../record/summary/summarise.ts');
	const {issuesTable} = await import('../../reports/issues-table.ts');
	return issuesTable(
		runs.map(run => {
			const {events, problems} = readRecord(findRun(run));
			return summarise(events, problems);
		}),
	);
}
