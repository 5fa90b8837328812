/** `swarmlab down`: takes down what `up` or `run --keep` left up. */
import {asTyped} from '../called.ts';
import type {CellUp} from '../run/by-hand.ts';
import {print, printAnswer, type Register} from './command.ts';

const examples = `
Examples:
  swarmlab down         the newest that is up
  swarmlab down k6.12   the one with this kernel
  swarmlab down --all   everything that is up`;

export const registerDown: Register = (program, finish) => {
	program
		.command('down')
		.summary('take down what was brought up by hand or kept')
		.description('Takes down a cell that `swarmlab up` or `swarmlab run --keep` left up.')
		.argument('[cell]', 'the cell or run that this means, as for `run --cell` (default: the newest that is up)')
		.option('--all', 'all of them')
		.addHelpText('after', examples)
		.action(async (name: string | undefined, {all}: {all?: boolean}) => {
			const {cellsUp, damagedCells, findUp, takeDown} = await import('../run/by-hand.ts');
			const {matches} = await import('../match.ts');
			const up = cellsUp();
			for (const problem of damagedCells()) {
				print(`warning: ${problem} ${asTyped('swarmlab gc --all')} takes its machines down.`);
			}

			// This is no error: a clean-up wants that nothing is up.
			if (up.length === 0) {
				printAnswer('nothing is up');
				return;
			}

			const {requireIdle} = await import('../run/proving.ts');
			const wanted = all ? uniqueLeases(up) : [findUp(name, matches)];
			// The cells of one lease go down together. Nothing is taken down if one of them is in use.
			const leases = new Set(wanted.map(({lease}) => lease.id));
			await Promise.all(up.filter(({lease}) => leases.has(lease.id)).map(async ({handle}) => requireIdle(handle)));
			for (const each of wanted) {
				const {leftovers} = await takeDown(each);
				printAnswer(`${each.handle.cell.id} (${each.handle.run}) is down`);
				for (const leftover of leftovers) {
					print(`warning: could not be removed: ${leftover}`);
					finish(2);
				}
			}
		});
};

/** Returns one cell per lease, as the cells of a run go down together. */
function uniqueLeases(up: CellUp[]): CellUp[] {
	return [...new Map(up.map(each => [each.lease.id, each])).values()];
}
