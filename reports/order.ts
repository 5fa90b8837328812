/** In which order the scenarios were proven, where a seed made it. Pure. */
import type {CellSummary, RunSummary} from '../harness/record/summary/summary.ts';

/** What gives the same order again; undefined where the order is the announced one. */
export function seedText({seed}: RunSummary): string | undefined {
	return seed === undefined ? undefined : `${seed}; the same order again: --seed ${seed}`;
}

export interface OrderText {
	/** `repetition 2, swarm 1`: of a cell that had one swarm and one repetition, nothing. */
	where: string;
	order: string;
}

/** Orders that a report shows; the record has all. */
const shown = 20;

/** A line for each swarm that several scenarios shared. */
export function orderTexts({orders}: CellSummary): OrderText[] {
	const told = orders.slice(0, shown).map(({repetition, titles}, index) => {
		const swarm = orders.slice(0, index).filter(each => each.repetition === repetition).length + 1;
		return {
			where: orders.length === 1 ? '' : `repetition ${repetition}, swarm ${swarm}`,
			order: titles.join(' → '),
		};
	});
	const more = orders.length - told.length;
	return more > 0 ? [...told, {where: 'more', order: `${more} more are in run.jsonl`}] : told;
}
