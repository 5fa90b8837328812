/** The results that did not pass, each listed once: the same reason on several cells is one finding. */
import {hash} from 'node:crypto';
import type {Cell, Reason} from '../harness/model/index.ts';
import {notProvisioned} from '../harness/record/summary/missing.ts';
import type {CaseSummary, RunSummary} from '../harness/record/summary/summary.ts';

export class Finding {
	/** The cells with this result. */
	readonly cells: Cell[];
	/** The case on each of these cells. */
	readonly cases: CaseSummary[];
	readonly verdict: 'failed' | 'broken' | 'skipped';

	constructor(verdict: Finding['verdict'], cell: Cell, first: CaseSummary) {
		this.verdict = verdict;
		// Nearly every finding is of one cell: these lists have no spare room.
		this.cells = [cell];
		this.cases = [first];
	}

	/** Id of the case: see CaseSummary. */
	get id(): string {
		return this.cases[0]!.id;
	}

	get title(): string {
		return this.cases[0]!.title;
	}

	get file(): string {
		return this.cases[0]!.file;
	}

	get line(): number | undefined {
		return this.cases[0]!.line;
	}

	get reason(): Reason {
		return this.cases[0]!.reason!;
	}

	/** Relative to the run folder. */
	get evidence(): string[] {
		return this.cases.flatMap(each => each.evidence);
	}

	/** Other tries that did not pass. */
	get otherTries(): CaseSummary['otherTries'] {
		return this.cases.flatMap(each => each.otherTries);
	}
}

const order = ['failed', 'broken', 'skipped'];

/**
 * Returns failed findings first, then broken, then skipped. Leaves out scenarios whose only reason is that their cell did not
 * come up.
 */
export function findings(summary: RunSummary): Finding[] {
	// A large run has a hundred thousand reasons, and each is long: only the hash of it stays.
	const found = new Map<string, Finding>();
	for (const {cell, cases} of summary.cells) {
		for (const each of cases) {
			const {id, verdict, reason} = each;
			if (verdict === 'passed' || !reason || reason.type === notProvisioned) {
				continue;
			}

			const {message, type, remedy, details} = reason;
			const key = hash('sha1', JSON.stringify([id, verdict, message, type, remedy, details]), 'base64');
			const known = found.get(key);
			if (known) {
				known.cells.push(cell);
				known.cases.push(each);
			} else {
				found.set(key, new Finding(verdict, cell, each));
			}
		}
	}

	return [...found.values()].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** Returns how many scenarios were not run because their cell did not come up. */
export function notLookedAt({cells}: RunSummary): number {
	return cells.reduce((all, {cases}) => all + cases.filter(each => each.reason?.type === notProvisioned).length, 0);
}

/** Returns the slowest cases of a run, the slowest first. `among` chooses which cases of a cell are compared. */
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
	/** The claims of all cells, each once: those of the first cell, then claims that only other cells have. */
	rows: Pick<CaseSummary, 'id' | 'title'>[];
	/** Returns the case of a claim in a cell. */
	at(row: number, cell: number): CaseSummary | undefined;
}

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
	// Nearly every cell has the same claims in the same order. A case in its own row needs no index.
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

/** Returns the whole text of a reason: cuts off nothing that the engine reported, and repeats nothing. */
export function wholeText({message, details}: Reason): string {
	return details.includes(message) || details === '' ? details || message : `${message}\n${details}`;
}

export interface Measurement {
	/** What was measured. `title` is the claim that measured it. */
	name: string;
	title: string;
	/** By cell, in the order of the summary. */
	values: (number | undefined)[];
}

/** Returns all measurements: first those of the cells, then those of the claims. */
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
