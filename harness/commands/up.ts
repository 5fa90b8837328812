/** `swarmlab up`: brings up one cell by hand. */

import {asTyped} from '../called.ts';
import type {LoadedConfig} from '../config/load.ts';
import {UsageError} from '../errors.ts';
import {stackOf} from '../model/index.ts';
import {type MatrixFlags, readCells, readConfig, readPackages} from '../plan/resolve.ts';
import {print, printAnswer, printJson, type Register} from './command.ts';
import {addInstallOption, type InstallFlags, needsOf, prepareHost} from './fit.ts';
import {addMatrixOptions} from './matrix-options.ts';
import {requireOne} from './one-cell.ts';
import {table} from './table.ts';

const examples = `
Examples:
  swarmlab up                                what swarmlab.config.ts says
  swarmlab up --kernel 6.12 --docker 26.1    another cell
  swarmlab up --like 40989                   exactly the machines of a report, and the steps for the hand
  swarmlab up --stack rehearsal              a machine on which stack.sh has completed
  swarmlab ssh m1                            look around
  swarmlab exec w1 -- ip -br addr            or run one command
  swarmlab down                              and away`;

export const registerUp: Register = program => {
	const command = program
		.command('up')
		.summary('bring up one cell by hand, with its swarm formed or its stack stacked')
		.description(
			'Brings up the machines of one cell, forms the swarm, and leaves it up. Installs what this host lacks (--no-install does not).',
		);
	addInstallOption(addMatrixOptions(command))
		.option('--cold', 'boot every machine, instead of restoring them from snapshots')
		.option('--like <report>', 'the machines of a report or of its file, before its steps, which are printed')
		.option('--json', 'print the cell file as JSON')
		.addHelpText('after', examples)
		.action(async (typed: UpFlags) => {
			const like = await likeOf(typed);
			const flags = like?.flags ?? typed;
			const loaded = like ? like.withVariant(await readConfig(flags)) : await readConfig(flags);
			const needs = await needsOf(loaded.settings.providers);
			const {requireForPlan} = await import('../host/index.ts');
			await requireForPlan(needs);
			const packages = await readPackages(loaded);
			const about = {swarms: !flags.stack, stacks: flags.stack !== undefined, exercises: false};
			const cell = requireOne(await readCells(loaded, packages, flags, about, print));

			await prepareHost(flags, needs);
			const {bringUp} = await import('../run/by-hand.ts');
			const {handle} = await bringUp(cell, {packages, origin: flags.cold ? 'cold boot' : 'cluster snapshot', print});
			if (flags.json) {
				printJson('up', handle);
				return;
			}

			printAnswer(`${handle.cell.id} is up:`);
			printAnswer(table(handle.machines.map(({name, role, address}) => [`  ${name}`, role, address])));
			if (like) {
				const {stepLines} = await import('./step-lines.ts');
				printAnswer(asTyped(stepLines(like.scenarios, handle.machines).join('\n')));
				return;
			}

			const look = stackOf(cell) ? 'ls /opt/stack/devstack' : 'docker node ls';
			printAnswer(asTyped(`Next: swarmlab ssh m1; swarmlab exec m1 -- ${look}; swarmlab down`));
		});
};

interface UpFlags extends MatrixFlags, InstallFlags {
	json?: boolean;
	cold?: boolean;
	like?: string;
}

/** Returns the scenarios of `--like`, and the number of machines that they need where no option says another. */
async function likeOf(flags: UpFlags) {
	const {like, stack} = flags;
	if (like === undefined) {
		return undefined;
	}

	if (stack) {
		throw new UsageError('--like is about swarms, and --stack about stacks.', {remedy: 'Leave one of them out.'});
	}

	const {findReproductions, withTopology, variantNeeded, withVariant} = await import('../plan/reproductions.ts');
	const scenarios = (await findReproductions([like])).flatMap(each => each.scenarios);
	return {
		scenarios,
		withVariant: (loaded: LoadedConfig) => withVariant(loaded, variantNeeded(scenarios), flags),
		flags: withTopology(flags, scenarios),
	};
}
