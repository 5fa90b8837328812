/** What did not pass, each said once: the same reason on several cells is one finding. */
import type {Cell, Reason} from '../harness/model.ts';
import {notProvisioned} from '../harness/record/missing.ts';
import type {CaseSummary, RunSummary} from '../harness/record/summary.ts';

export interface Finding {
	title: string;
	file: string;
	line?: number;
	verdict: 'failed' | 'broken' | 'skipped';
	reason: Reason;
	/** Where it is so. */
	cells: Cell[];
	/** Relative to the run folder. */
	evidence: string[];
	/** Other tries that did not pass. */
	otherTries: CaseSummary['otherTries'];
}

const order = ['failed', 'broken', 'skipped'];

/** Failed ones first, then broken, then skipped; without the scenarios that only share their cell's fate. */
export function findings(summary: RunSummary): Finding[] {
	const found = new Map<string, Finding>();
	for (const {cell, cases} of summary.cells) {
		for (const {title, file, line, verdict, reason, evidence, otherTries} of cases) {
			if (verdict === 'passed' || !reason || reason.type === notProvisioned) {
				continue;
			}

			const key = JSON.stringify([title, file, verdict, reason]);
			const known = found.get(key) ?? {
				title,
				file,
				...(line !== undefined && {line}),
				verdict,
				reason,
				cells: [],
				evidence: [],
				otherTries: [],
			};
			found.set(key, {
				...known,
				cells: [...known.cells, cell],
				evidence: [...known.evidence, ...evidence],
				otherTries: [...known.otherTries, ...otherTries],
			});
		}
	}

	return [...found.values()].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** How many scenarios were not looked at because their cell was not there. */
export function notLookedAt(summary: RunSummary): number {
	return summary.cells.flatMap(each => each.cases).filter(each => each.reason?.type === notProvisioned).length;
}

/** The whole text of a reason: nothing of what the engine said is cut off, and nothing is said twice. */
export function wholeText({message, details}: Reason): string {
	return details.includes(message) || details === '' ? details || message : `${message}\n${details}`;
}

export interface Measurement {
	/** What was measured, and by which claim. */
	name: string;
	title: string;
	/** By cell, in the order of the summary. */
	values: (number | undefined)[];
}

/** Everything that was measured: of the cells first, then by claim. */
export function measurements({cells}: RunSummary): Measurement[] {
	const rows = new Map<string, Measurement>();
	const take = (title: string, metrics: Record<string, number>, index: number) => {
		for (const [name, value] of Object.entries(metrics)) {
			const key = JSON.stringify([title, name]);
			const row = rows.get(key) ?? {name, title, values: cells.map(() => undefined)};
			row.values[index] = value;
			rows.set(key, row);
		}
	};

	for (const [index, cell] of cells.entries()) {
		take('', cell.metrics, index);
	}

	for (const [index, cell] of cells.entries()) {
		for (const {title, metrics} of cell.cases) {
			take(title, metrics, index);
		}
	}

	return [...rows.values()];
}
