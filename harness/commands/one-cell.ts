/** The one cell of a command that brings up a single cell. */
import {UsageError} from '../errors.ts';
import type {Cell} from '../model/index.ts';

/** Returns it. Throws UsageError with the ids if there are several. */
export function requireOne(cells: readonly Cell[]): Cell {
	if (cells.length > 1) {
		const ids = cells.map(({id}) => `  ${id}`);
		throw new UsageError(['Only one cell can be brought up here, and these are asked for:', ...ids].join('\n'), {
			remedy: 'Choose one by --cell, or by --kernel and --docker.',
		});
	}

	return cells[0]!;
}
