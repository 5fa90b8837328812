/** The faults that were on while claims were proven, for people. */
import type {Cell, FaultRecord} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';
import type {RunSummary} from '../harness/record/summary/summary.ts';

/** Returns a fault in one line: what it did, when, and to how many frames. */
export function faultLine({what, by, at, healedAt, shown, matched, dropped = 0, changed = 0}: FaultRecord): string {
	const time = (text: string) => text.slice(11, 19);
	const when = by
		? `put in ${by} at ${time(at)} UTC`
		: `${time(at)} ${healedAt === '' ? 'and not healed by the scenario' : `to ${time(healedAt)} UTC`}`;
	const frames = matched === undefined ? [] : [`${counted(matched, 'frame')}, ${dropped} dropped, ${changed} changed`];
	const line = shown?.split('\n')[0];
	return `${what} (${[when, ...frames, ...(line && line !== what ? [`shown by: ${line}`] : [])].join('; ')})`;
}

/** Returns each claim that had faults on, with its cell, in the order of the cells. */
export function faultyCases({cells}: RunSummary): {title: string; cell: Cell; lines: string[]}[] {
	return cells.flatMap(({cell, cases}) =>
		cases.flatMap(({title, faults}) => (faults ? [{title, cell, lines: faults.map(faultLine)}] : [])),
	);
}
