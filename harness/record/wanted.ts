/** Which claims of a file are to be proven: the scenario process and the harness must mean the same. Pure. */
import type {CellFile, Claim} from '../model/index.ts';

/** Whether the cell's file asks for this claim. */
export function isWanted({file, title}: Claim, {filter, only}: Pick<CellFile, 'filter' | 'only'>): boolean {
	const named = only?.some(
		each => each.file === file && ('but' in each ? !each.but.includes(title) : each.title === title),
	);
	return (
		(named ?? true) && (filter.length === 0 || filter.some(part => title.toLowerCase().includes(part.toLowerCase())))
	);
}
