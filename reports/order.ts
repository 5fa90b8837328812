/** The order in which the scenarios ran, if a seed made it. Pure. */
import type {CellSummary, RunSummary} from '../harness/record/summary/summary.ts';

/** Returns the seed and the option that repeats its order; undefined if the scenarios ran in the announced order. */
export function seedText({seed}: RunSummary): string | undefined {
	return seed === undefined ? undefined : `${seed}; the same order again: --seed ${seed}`;
}

export interface OrderText {
	/** `repetition 2, swarm 1`; empty for a cell that had one swarm and one repetition. */
	where: string;
	order: string;
}

/** Orders that a report shows; the record has all. */
const shown = 20;

/** Returns a line for each swarm that several scenarios shared. */
export function orderTexts({orders}: CellSummary): OrderText[] {
	const listed = orders.slice(0, shown).map(({repetition, titles}, index) => {
		const swarm = orders.slice(0, index).filter(each => each.repetition === repetition).length + 1;
		return {
			where: orders.length === 1 ? '' : `repetition ${repetition}, swarm ${swarm}`,
			order: titles.join(' → '),
		};
	});
	const more = orders.length - listed.length;
	return more > 0 ? [...listed, {where: 'more', order: `${more} more are in run.jsonl`}] : listed;
}
