/** Short names for the columns of a table. */
import {type Cell, countsOf, stackOf, uniform, variantOf} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';

export interface CellLabel {
	kernel: string;
	/** The engine, or the stack. */
	engine: string;
	/** What else distinguishes this cell from the others of the run; empty if nothing else differs. */
	more: string;
}

/** Returns the engine, or those of the nodes; `20.10.24 → 28.5.2` if scenarios upgrade them. */
export function engineLabel(cell: Cell): string {
	return [uniform(cell, ({engine}) => engine.label), ...(cell.upgrade ?? []).map(({label}) => label)].join(' → ');
}

/** Returns the label of each cell: kernel and engine, and everything else that differs between the cells. */
export function labels(cells: Cell[]): CellLabel[] {
	const others = cells.map(cell => {
		const {managers, workers} = countsOf(cell);
		return [
			cell.provider,
			`${managers}m${workers}w`,
			`${uniform(cell, ({memory}) => memory)} MiB`,
			uniform(cell, ({cpus}) => counted(cpus, 'CPU')),
			uniform(cell, variantOf),
		];
	});
	const differing = [0, 1, 2, 3, 4].filter(part => new Set(others.map(each => each[part])).size > 1);
	return cells.map((cell, index) => ({
		kernel: uniform(cell, ({kernel}) => kernel.label),
		engine: stackOf(cell)?.label ?? engineLabel(cell),
		more: differing.map(part => others[index]?.[part]).join(' '),
	}));
}
