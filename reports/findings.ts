/** What did not pass, each said once: the same reason on several cells is one finding. */
import type {Cell, Reason} from '../harness/model/index.ts';
import {notProvisioned} from '../harness/record/summary/missing.ts';
import type {CaseSummary, RunSummary} from '../harness/record/summary/summary.ts';

export interface Finding {
	/** Of the case: see CaseSummary. */
	id: string;
	title: string;
	file: string;
	line?: number;
	verdict: 'failed' | 'broken' | 'skipped';
	reason: Reason;
	/** Where it is so. */
	cells: Cell[];
	/** The claim on each of them. */
	cases: CaseSummary[];
	/** Relative to the run folder. */
	evidence: string[];
	/** Other tries that did not pass. */
	otherTries: CaseSummary['otherTries'];
}

const order = ['failed', 'broken', 'skipped'];

/** Failed ones first, then broken, then skipped; without the scenarios that only share their cell's fate. */
export function findings(summary: RunSummary): Finding[] {
	/** By what is told of it; the details, which are long, only where the rest is the same: of nearly all there is one. */
	const found = new Map<string, Finding | Map<string, Finding>>();
	const all: Finding[] = [];
	for (const {cell, cases} of summary.cells) {
		for (const each of cases) {
			const {id, title, file, line, verdict, reason} = each;
			if (verdict === 'passed' || !reason || reason.type === notProvisioned) {
				continue;
			}

			const key = JSON.stringify([id, verdict, reason.message, reason.type, reason.remedy]);
			const known = found.get(key);
			const finding = known instanceof Map ? known.get(reason.details) : sameDetails(known, reason);
			if (finding) {
				finding.cells.push(cell);
				finding.cases.push(each);
				addTo(finding.evidence, each.evidence);
				addTo(finding.otherTries, each.otherTries);
				continue;
			}

			const made: Finding = {
				id,
				title,
				file,
				line,
				verdict,
				reason,
				cells: [cell],
				cases: [each],
				evidence: [...each.evidence],
				otherTries: [...each.otherTries],
			};
			all.push(made);
			if (known instanceof Map) {
				known.set(reason.details, made);
			} else {
				const both = known && new Map([known, made].map(one => [one.reason.details, one]));
				found.set(key, both ?? made);
			}
		}
	}

	return all.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

function sameDetails(known: Finding | undefined, {details}: Reason): Finding | undefined {
	return known?.reason.details === details ? known : undefined;
}

/** Not by spreading: a list may be longer than a call may have arguments. */
function addTo<Value>(list: Value[], more: Value[]): void {
	for (const each of more) {
		list.push(each);
	}
}

/** How many scenarios were not looked at because their cell was not there. */
export function notLookedAt({cells}: RunSummary): number {
	return cells.reduce((all, {cases}) => all + cases.filter(each => each.reason?.type === notProvisioned).length, 0);
}

/** The slowest cases of a run, the slowest first, or of those that `among` chooses from a cell's. */
export function slowestOf(
	{cells}: RunSummary,
	number = 5,
	among: (cases: CaseSummary[]) => CaseSummary[] = cases => cases,
): {cell: Cell; title: string; seconds: number}[] {
	let slowest: {cell: Cell; title: string; seconds: number}[] = [];
	for (const {cell, cases} of cells) {
		for (const {title, seconds} of among(cases)) {
			if (seconds > (slowest[number - 1]?.seconds ?? 0)) {
				slowest = [...slowest, {cell, title, seconds}].sort((a, b) => b.seconds - a.seconds).slice(0, number);
			}
		}
	}

	return slowest;
}

/** Claims × cells. */
export interface Table {
	/** The claims of all cells, each once: those of the first cell, then what others have besides. */
	rows: Pick<CaseSummary, 'id' | 'title'>[];
	/** The case of that claim in that cell. */
	at(row: number, cell: number): CaseSummary | undefined;
}

/** Makes the table. */
export function tableOf({cells}: RunSummary): Table {
	const all = new Map<string, Pick<CaseSummary, 'id' | 'title'>>();
	for (const {cases} of cells) {
		for (const each of cases) {
			if (!all.has(each.id)) {
				all.set(each.id, each);
			}
		}
	}

	const rows = [...all.values()];
	// Nearly every cell has the same claims in the same order: what is in its row needs no index.
	const inOrder = cells.map(({cases}) => {
		const first = cases.findIndex(({id}, row) => id !== rows[row]?.id);
		return first < 0 ? cases.length : first;
	});
	const others = cells.map(({cases}, cell) => new Map(cases.slice(inOrder[cell]).map(each => [each.id, each])));
	return {
		rows,
		at: (row, cell) => (row < inOrder[cell]! ? cells[cell]?.cases[row] : others[cell]?.get(rows[row]!.id)),
	};
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
