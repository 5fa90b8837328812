/** The faults that scenarios put in, for people. */
import type {Cell, FaultRecord} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** Returns a fault in one line: what it did, when, and to how many frames. */
export function faultLine({what, at, healedAt, matched, dropped, changed}: FaultRecord): string {
	const time = (text: string) => text.slice(11, 19);
	const until = healedAt === '' ? 'and not healed by the scenario' : `to ${time(healedAt)} UTC`;
	return `${what} (${time(at)} ${until}; ${counted(matched, 'frame')}, ${dropped} dropped, ${changed} changed)`;
}

/** Returns each claim that put faults in, with its cell, in the order of the cells. */
export function faultyCases({cells}: RunSummary): {title: string; cell: Cell; lines: string[]}[] {
	return cells.flatMap(({cell, cases}) =>
		cases.flatMap(({title, faults}) => (faults ? [{title, cell, lines: faults.map(faultLine)}] : [])),
	);
}
