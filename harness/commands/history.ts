/** `swarmlab history`: verdicts and times of earlier runs, and runs from elsewhere. */
import {Option} from 'commander';
import {UsageError} from '../errors.ts';
import {runs} from '../paths.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab history                               every claim on every cell, in the newest 100 runs
  swarmlab history scenarios/vip.ts --cell k6.1  the claims of a file on the cells of this kernel
  swarmlab history 'routing mesh' --json         for a program, with every try and metric
  swarmlab history --html trends.html            a page: kernels × engines of each claim over time, and its times and metrics
  swarmlab history import ./artifacts/run        a run from a CI, or a folder with several of them

The newest run is at the right: ✓ passed, ✗ failed, ≈ known failure, ! broken, – skipped; below it a bar for each time.`;

interface HistoryFlags {
	cell?: string;
	runs: string;
	json?: boolean;
	html?: string;
}

export const registerHistory: Register = program => {
	const command = program
		.command('history')
		.summary('show verdicts and times of earlier runs')
		.description(
			'Shows for each claim and cell what earlier runs came to. The history is made of the run folders: a run that is removed is no longer in it.',
		)
		.argument('[scenario]', 'part of a title, or of the name of a file (default: every claim)')
		.option('--cell <id>', 'only cells whose id has this in it by whole components, or matches it as a glob')
		.option('--runs <n>', 'only the newest runs', '100')
		.addOption(new Option('--json', 'print JSON').conflicts('html'))
		.option('--html <file>', 'write a page: kernels × engines of each claim over time, its times and metrics')
		.addHelpText('after', examples)
		.action(async (scenario: string | undefined, flags: HistoryFlags) => {
			if (!/^[1-9]\d{0,8}$/.test(flags.runs)) {
				throw new UsageError(`--runs: '${flags.runs}' is no number of runs.`, {remedy: 'Give a whole number from 1.'});
			}

			const {openHistory} = await import('../history/history.ts');
			const history = openHistory();
			for (const notice of history.notices()) {
				print(`warning: ${notice}`);
			}

			const strips = history.strips({scenario, cell: flags.cell, runs: Number(flags.runs)});
			const all = history.runs();
			history.close();
			if (flags.json) {
				printJson('history', {runs: all, strips});
				return;
			}

			if (all.length === 0) {
				throw new UsageError(`There is no run in ${runs}`, {remedy: 'swarmlab run, or swarmlab history import FOLDER'});
			}

			if (strips.length === 0) {
				const asked = [scenario && `a claim with '${scenario}'`, flags.cell && `a cell with '${flags.cell}'`];
				throw new UsageError(`No run has ${asked.filter(Boolean).join(' on ')}.`, {
					remedy: 'swarmlab history shows all.',
				});
			}

			if (flags.html !== undefined) {
				const {writeTrends} = await import('../../reports/trends.ts');
				printAnswer(writeTrends(flags.html, strips));
				return;
			}

			const {historyLines} = await import('./history-lines.ts');
			const {signs} = await import('../../reports/words.ts');
			const {plain} = await import('../../reports/screen.ts');
			printAnswer(historyLines(strips, signs, plain).join('\n'));
		});
	command
		.command('import')
		.summary('take runs from elsewhere into the history')
		.description('Copies the records of runs into the folder of the runs; swarmlab report makes their reports.')
		.argument('<folders...>', 'folders of runs, or folders that have folders of runs')
		.action(async (folders: string[]) => {
			const {importRuns} = await import('../history/import-run.ts');
			for (const each of folders) {
				for (const {run, folder, known} of importRuns(each)) {
					printAnswer(`${run}: ${known ? 'was here already' : `now in ${folder}`}`);
				}
			}
		});
};
