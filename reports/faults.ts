/** The faults that scenarios put in, for people. */
import type {Cell, FaultRecord} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** Returns a fault in one line: what it did, when, and to how many frames. */
export function faultLine({what, at, healedAt, shown, matched, dropped = 0, changed = 0}: FaultRecord): string {
	const time = (text: string) => text.slice(11, 19);
	const until = healedAt === '' ? 'and not healed by the scenario' : `to ${time(healedAt)} UTC`;
	const frames = matched === undefined ? [] : [`${counted(matched, 'frame')}, ${dropped} dropped, ${changed} changed`];
	const line = shown?.split('\n')[0];
	return `${what} (${[`${time(at)} ${until}`, ...frames, ...(line && line !== what ? [`shown by: ${line}`] : [])].join('; ')})`;
}

/** Returns each claim that put faults in, with its cell, in the order of the cells. */
export function faultyCases({cells}: RunSummary): {title: string; cell: Cell; lines: string[]}[] {
	return cells.flatMap(({cell, cases}) =>
		cases.flatMap(({title, faults}) => (faults ? [{title, cell, lines: faults.map(faultLine)}] : [])),
	);
}
