/** The cell of a point: that of now, with some of what it runs as in the baseline. Pure. */
import type {Axis, Cell, NodeSpec} from '../model/index.ts';

/** Axes of a cell that a run can be made with: the others are told and not tried. */
export const cellAxes: readonly Axis[] = ['engine', 'kernel', 'variant'];

/**
 * Returns the cell whose nodes have these axes as now, and the others as before. Both cells have the same number of nodes of each
 * role (see `pairCells`), so the nodes are those of the same place.
 */
export function pointCell(now: Cell, before: Cell, asNow: readonly Axis[]): Cell {
	const nodes = now.nodes.map((node, index): NodeSpec => {
		const other = before.nodes[index] ?? node;
		const {variant: _, ...rest} = node;
		const {variant} = asNow.includes('variant') ? node : other;
		return {
			...rest,
			kernel: asNow.includes('kernel') ? node.kernel : other.kernel,
			engine: asNow.includes('engine') ? node.engine : other.engine,
			...(variant && {variant}),
		};
	});
	return {...now, id: `${now.id}-${asNow.length === 0 ? 'as-before' : `${asNow.join('-')}-as-now`}`, nodes};
}
