/** `swarmlab down`: takes down what `up` or `run --keep` left up. */
import type {CellUp} from '../run/by-hand.ts';
import {answer, type Register, say} from './command.ts';

const examples = `
Examples:
  swarmlab down         the newest that is up
  swarmlab down k6.12   the one whose id contains this
  swarmlab down --all   everything that is up`;

export const registerDown: Register = (program, finish) => {
	program
		.command('down')
		.summary('take down what was brought up by hand or kept')
		.description('Takes down a cell that `swarmlab up` or `swarmlab run --keep` left up.')
		.argument('[cell]', 'part of the id of a cell or run (default: the newest that is up)')
		.option('--all', 'all of them')
		.addHelpText('after', examples)
		.action(async (name: string | undefined, {all}: {all?: boolean}) => {
			const {cellsUp, findUp, takeDown} = await import('../run/by-hand.ts');
			const wanted = all ? uniqueLeases(cellsUp()) : [findUp(name)];
			for (const up of wanted) {
				const {leftovers} = await takeDown(up);
				answer(`${up.file.cell.id} (${up.file.run}) is down`);
				for (const leftover of leftovers) {
					say(`warning: could not be removed: ${leftover}`);
					finish(2);
				}
			}

			if (wanted.length === 0) {
				answer('nothing is up');
			}
		});
};

/** Cells of one run go down together. */
function uniqueLeases(up: CellUp[]): CellUp[] {
	return [...new Map(up.map(each => [each.lease.id, each])).values()];
}
