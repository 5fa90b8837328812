/** Which claims of a file are to be proven. Pure. */
import type {CellFile} from '../model.ts';

export function isWanted(title: string, {filter, only}: Pick<CellFile, 'filter' | 'only'>): boolean {
	if (only && !only.includes(title)) {
		return false;
	}

	return filter.length === 0 || filter.some(part => title.toLowerCase().includes(part.toLowerCase()));
}
