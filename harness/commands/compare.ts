/** `swarmlab compare`: which claims behave differently in two runs or cells, and what in their state explains it. */
import {asTyped} from '../called.ts';
import {UsageError} from '../errors.ts';
import type {MatrixFlags} from '../plan/resolve.ts';
import {collect, print, printAnswer, printJson, type Register} from './command.ts';
import {addInstallOption, type InstallFlags} from './fit.ts';
import {addMatrixOptions} from './matrix-options.ts';

const examples = `
Examples:
  swarmlab compare 2026-11-26T22-40 latest                              two runs, cell by cell
  swarmlab compare --cell d20.10.5 --cell d28.5.2                       two cells of the last run
  swarmlab compare 2026-11-26T22-40                                     the cells of one run: where it fails, and where not
  swarmlab compare --docker 20.10@bullseye,28.5 scenarios/dns.ts        runs the scenarios on both, then compares
  swarmlab compare --docker 20.10,28.5 scenarios/vip.ts --repeat 5      with intervals of what is measured

Exit code: 0 it was compared, whether or not something differs; 2 nothing of a record could be read; 64 wrong usage;
69 this host cannot run it.`;

export interface CompareFlags extends MatrixFlags, InstallFlags {
	filter?: string[];
	markdown?: boolean;
	json?: boolean;
}

export const registerCompare: Register = (program, finish) => {
	const command = program
		.command('compare')
		.summary('compare runs, cells, kernels or engines, with the state of their nodes')
		.description(
			'Reports which claims behave differently, and what differs in the state of their nodes: packet filter, IPVS, FDB, sysctls, modules, logs; ids, addresses, times and counters are made equal. With --kernel, --docker or --variant it runs scenarios first.',
		)
		.argument(
			'[what...]',
			'one or two runs, named as for `report` (default: the last one); scenario files, if it runs them',
		);
	addInstallOption(addMatrixOptions(command))
		.option('--filter <text>', 'only claims whose title contains this; may be repeated', collect)
		.option('--repeat <n>', 'of a run: prove every scenario so often')
		.option('--jobs <n>', 'of a run: cells and swarms that are up at once: a number or auto')
		.option('--markdown', 'print a block to paste into a report')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (what: string[], flags: CompareFlags) => {
			const runs = flags.kernel || flags.docker || flags.variant || flags.daemon;
			const names = runs ? [await runFirst(what, flags)] : what.length > 0 ? what : ['latest'];
			refuseFiles(names);
			const {evidenceReader, readRun} = await import('./read-runs.ts');
			const {compare} = await import('../compare/compare.ts');
			const read = names.map(readRun);
			for (const {summary} of read) {
				for (const problem of summary.problems) {
					print(`warning: ${summary.run}: ${problem}`);
				}
			}

			if (read.some(({summary}) => summary.startedAt === '')) {
				print('  → Of a record nothing could be read, so nothing is compared.');
				finish(2);
				return;
			}

			const {filter} = flags;
			const comparisons = compare(read, {
				...(!runs && flags.cell && {cells: flags.cell}),
				...(filter && {filter}),
				evidenceOf: evidenceReader(),
			});
			if (flags.json) {
				const {comparisonJson} = await import('../../reports/comparison-json.ts');
				printJson('compare', comparisons.map(comparisonJson));
			} else if (flags.markdown) {
				const {comparisonBlock} = await import('../../reports/comparison-block.ts');
				printAnswer(comparisonBlock(comparisons));
			} else {
				const {comparisonLines} = await import('../../reports/comparison.ts');
				printAnswer(comparisonLines(comparisons).join('\n'));
			}
		});
};

/** Without an option that makes it run, a file of scenarios is a slip. */
function refuseFiles(names: readonly string[]): void {
	const file = names.find(name => name.endsWith('.ts'));
	if (file) {
		throw new UsageError(`${file} is no run. Scenarios are run only if kernels or engines are named.`, {
			remedy: asTyped(`swarmlab compare --docker 20.10,28.5 ${file}`),
		});
	}
}

/** Runs the scenarios with evidence of those that pass, too. Returns the folder of the run. */
async function runFirst(files: readonly string[], flags: CompareFlags): Promise<string> {
	const {proveForComparison} = await import('./compare-run.ts');
	const {folder} = await proveForComparison(files, flags);
	return folder;
}
