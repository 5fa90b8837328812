/** The options of `swarmlab run` and `swarmlab plan`: one list, so that any run can be planned first. */
import {type Command, Option} from 'commander';
import type {Settings} from '../config/types.ts';
import {variable} from '../environment.ts';
import type {Origin} from '../model/index.ts';
import type {MatrixFlags} from '../plan/resolve.ts';
import type {EndingEarly} from '../run/ending-early.ts';
import {addChoosingOptions, type ChoosingFlags, earlyEndOf, mostRepetitions} from './choosing.ts';
import {collectCsv} from './command.ts';
import {addInstallOption, type InstallFlags} from './fit.ts';
import {addMatrixOptions} from './matrix-options.ts';
import {addOldOptions} from './old-names.ts';
import {addResultOptions, type ResultFlags} from './results.ts';

export interface RunFlags extends MatrixFlags, InstallFlags, ChoosingFlags, ResultFlags {
	plan?: string;
	shard?: string;
	keep?: 'always' | 'failed';
	on?: string;
	debug?: boolean;
	watch?: boolean | undefined;
	evidence?: string;
	cold?: boolean;
	reuseFixtures?: boolean;
	json?: boolean;
	baseline?: string;
	failOn?: string[];
	attribute?: boolean;
}

/** Adds these options, and the argument for files. @param json what `--json` prints, for the help. */
export function addRunOptions(command: Command, json: string): Command {
	const withMatrix = addInstallOption(
		addMatrixOptions(
			command.argument(
				'[files...]',
				'scenario files, folders, globs, or file:line for one scenario (default: those of the config)',
			),
		),
	);
	return keepTakesNoFile(addResultOptions(addChoosingOptions(addOldOptions(withMatrix))))
		.option(
			'--upgrade <specs>',
			'engines that scenarios upgrade the nodes to, one after the other (26.1,28.5)',
			collectCsv,
		)
		.option('--repeat <n>', 'prove every scenario so often')
		.option('--seed <n>', 'prove scenarios in an order made of this number; --seed random chooses one and prints it')
		.option('--jobs <n>', 'cells and swarms that are up at once: a number or auto')
		.option('--cold', 'boot every machine, instead of restoring them from snapshots; the same verdicts, slower')
		.option('--reuse-fixtures', 'start on fixtures that earlier runs saved (default, but not with CI set)')
		.option('--no-reuse-fixtures', 'make every fixture anew in each run')
		.addOption(
			new Option('--evidence <when>', 'take evidence of scenarios that are red, or of those that pass, too').choices([
				'red',
				'always',
			]),
		)
		.option(
			'--baseline <run>',
			'compare with an earlier run: last-good, a run as swarmlab report takes it, or the file of a record',
		)
		.option(
			'--fail-on <changes>',
			'of --baseline: what makes the exit code red (new,broken): new, broken, slower, flaky, still-failing, newly-skipped, newly-missing, known, fixed',
			collectCsv,
		)
		.option('--no-attribute', 'of --baseline: do not look by further runs what a new failure comes from')
		.option('--plan <file>', 'prove what swarmlab plan --json has planned, exactly')
		.option('--shard <n/m>', 'with --plan: the part of this machine, 2/5 for the second of five')
		.option('--on <cell>', 'prove on a cell that is up (swarmlab up), as for run --cell; it stays up')
		.option('--watch', 'prove again at each save of the files, on one cell that stays up until Ctrl-C')
		.option('--debug', 'stop at each claim that does not pass, with its swarm as it is, and ask what to do')
		.addOption(
			new Option(
				'--keep [when]',
				'leave the machines up at the end; --keep=failed: in each cell the first on which something did not pass, as the claim left them',
			)
				.choices(['always', 'failed'])
				.preset('always'),
		)
		.option('--json', json);
}

/** Returns the options as they are typed: `--max-failures`. */
export function optionNames(flags: readonly (keyof RunFlags)[]): string[] {
	return flags.map(name => `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`);
}

/** Makes `--keep FILE` mean `--keep` and a file: an optional value would take the next word. Only `--keep=failed` has a value. */
function keepTakesNoFile(command: Command): Command {
	const parse = command.parseOptions.bind(command);
	command.parseOptions = words => {
		const end = words.indexOf('--');
		return parse(words.map((word, index) => (word === '--keep' && (end < 0 || index < end) ? '--keep=always' : word)));
	};
	return command;
}

/** How the scenarios are proven, by these options and the config. */
export interface RunSettings extends EndingEarly {
	repeat: number;
	/** Seed of the scenarios' order; undefined: the order of the files. */
	seed?: number;
	jobs: number | 'auto';
	origin: Origin;
	reuseFixtures: boolean;
	/** Evidence is taken of scenarios that passed, too. */
	evidenceOfPassed: boolean;
	keep: boolean | 'failed';
}

/** @throws UsageError for a number of failures that is none */
export function runSettingsOf(flags: RunFlags, settings: Settings): RunSettings {
	const {keep, cold = false, reuseFixtures, evidence, untilFailure} = flags;
	const {jobs, seed} = settings;
	// From here on a drawn seed is a number, so that a user can give it again.
	const drawn = seed === 'random' ? Math.floor(Math.random() * 2 ** 32) : seed;
	return {
		repeat: untilFailure && flags.repeat === undefined ? mostRepetitions : settings.repeat,
		...earlyEndOf(flags),
		seed: drawn,
		jobs,
		origin: cold ? 'cold boot' : 'cluster snapshot',
		reuseFixtures: reuseFixtures ?? !variable('CI'),
		evidenceOfPassed: evidence === 'always',
		keep: keep === 'always' || (keep ?? false),
	};
}
