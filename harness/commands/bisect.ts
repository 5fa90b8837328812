/** `swarmlab bisect`: finds between which two kernels, engines or variants a claim changes. */
import {Option} from 'commander';
import {UsageError} from '../errors.ts';
import type {MatrixFlags} from '../plan/resolve.ts';
import {type AxisName, axes} from './bisect-axes.ts';
import {collect, printAnswer, printJson, type Register} from './command.ts';
import {addInstallOption, type InstallFlags} from './fit.ts';
import {addMatrixOptions} from './matrix-options.ts';

const examples = `
Examples:
  swarmlab bisect scenarios/issues/40989-balancer-address-leaks.ts --axis docker --good 28.5 --bad 20.10@bullseye
  swarmlab bisect scenarios/vip.ts:5 --axis kernel --good 5.10 --bad 7 --docker 28.5
  swarmlab bisect scenarios/dns.ts:8 --axis variant --good none --bad nft
  git bisect run swarmlab bisect --git scenarios/vip.ts:5 --kernel ./build      one's own tree: docs/bisect.md

Exit code: 0 it was found, 1 it was refused (good is not good, bad is not bad), 2 it could not be decided, 64 wrong usage, 69 this host
cannot run it, 130 interrupted. With --git: 0 good, 1 bad, 125 neither, 128 wrong usage or host.`;

export interface BisectFlags extends MatrixFlags, InstallFlags {
	axis?: AxisName;
	good?: string;
	bad?: string;
	filter?: string[];
	goodRate: string;
	badRate: string;
	fresh?: boolean;
	git?: boolean;
	json?: boolean;
}

export const registerBisect: Register = (program, finish) => {
	const command = program
		.command('bisect')
		.summary('find between which two versions a claim changes')
		.description(
			'Searches the kernels, engines or variants between a good and a bad one for the two neighbours between which a claim changes. Each is tried until the tries are enough, on fresh machines. The same command continues a search that was interrupted.',
		)
		.argument('<files...>', 'the scenario: its file, or file:line');
	addInstallOption(addMatrixOptions(command))
		.addOption(new Option('--axis <axis>', 'what is searched').choices(axes))
		.option('--good <spec>', 'a version on which the claim holds')
		.option('--bad <spec>', 'a version on which it fails')
		.option('--filter <text>', 'only scenarios whose title contains this; may be repeated', collect)
		.option('--good-rate <percent>', 'how often a good version may fail', '5')
		.option('--bad-rate <percent>', 'how often a bad version fails at least', '50')
		.option('--fresh', 'begin anew, and forget what an interrupted search has measured')
		.option('--git', 'try the one cell that is chosen, and exit as git bisect run wants it')
		.option('--json', 'print JSON')
		.addHelpText('after', examples)
		.action(async (files: string[], flags: BisectFlags) => {
			const rates = ratesOf(flags);
			if (flags.git) {
				const {tryForGit} = await import('./bisect-git.ts');
				finish(await tryForGit(files, flags, rates));
				return;
			}

			const {axis, good, bad} = required(flags);
			const {search} = await import('./bisect-search.ts');
			const {bisectionBlock, exitCodeOf} = await import('../../reports/bisection.ts');
			const bisection = await search(
				files,
				{...flags, axis, good, bad},
				{rates, command: ['swarmlab', ...process.argv.slice(2)]},
			);
			if (flags.json) {
				printJson('bisect', bisection);
			} else {
				printAnswer(bisectionBlock(bisection));
			}

			finish(exitCodeOf(bisection));
		});
};

function required({axis, good, bad}: BisectFlags): {axis: AxisName; good: string; bad: string} {
	const missing = [axis ? '' : '--axis', good ? '' : '--good', bad ? '' : '--bad'].filter(Boolean);
	if (!axis || !good || !bad) {
		throw new UsageError(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`, {
			remedy: 'swarmlab bisect FILE --axis docker --good 28.5 --bad 20.10',
		});
	}

	return {axis, good, bad};
}

/** Throws UsageError for rates that cannot be distinguished. */
function ratesOf({goodRate, badRate}: BisectFlags): {good: number; bad: number} {
	const [good, bad] = [goodRate, badRate].map(text => (/^\d+(\.\d+)?$/.test(text) ? Number(text) / 100 : Number.NaN));
	if (!(good! > 0 && bad! < 1 && bad! >= 2 * good!)) {
		throw new UsageError(
			`--good-rate ${goodRate} and --bad-rate ${badRate}: both are between 0 and 100, and the second is at least twice the first.`,
			{
				remedy: 'Without them, a good version fails in at most 5 of 100 tries, and a bad one in at least 50.',
			},
		);
	}

	return {good: good!, bad: bad!};
}
