/** What nodes had other than the managers reported, though the claim holds: for people. */
import type {Cell} from '../harness/model/index.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** Heads every list of these. */
export const agreementHead = 'The nodes do not agree, though the claim holds';

/** Returns each such claim with its cell, in the order of the cells. */
export function disagreeingCases({cells}: RunSummary): {title: string; cell: Cell; lines: string[]}[] {
	return cells.flatMap(({cell, cases}) =>
		cases.flatMap(({title, disagreements}) =>
			disagreements ? [{title, cell, lines: disagreements.map(({says}) => says)}] : [],
		),
	);
}
