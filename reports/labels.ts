/** Short names for the columns of a table. */
import type {Cell} from '../harness/model/index.ts';
import {counted} from '../harness/record/counted.ts';

export interface CellLabel {
	kernel: string;
	/** Or stack. */
	engine: string;
	/** What else tells this cell from the others of the run; empty where kernel and engine do. */
	more: string;
}

/** The label of each cell: kernel and engine, and whatever else differs between the cells. */
export function labels(cells: Cell[]): CellLabel[] {
	const topologies = cells.map(({topology: {managers, workers, memory, cpus}}) => [
		`${managers}m${workers}w`,
		`${memory} MiB`,
		counted(cpus, 'CPU'),
	]);
	const others = cells.map(({provider}, index) => [provider, ...(topologies[index] ?? [])]);
	const differing = [0, 1, 2, 3].filter(part => new Set(others.map(each => each[part])).size > 1);
	return cells.map(({kernel, engine, stack}, index) => ({
		kernel: kernel.label,
		engine: stack?.label ?? engine.label,
		more: differing.map(part => others[index]?.[part]).join(' '),
	}));
}
