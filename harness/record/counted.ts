/** Counts in words: the only place that chooses between singular and plural. Pure. */

/** `1 cell`, `2 cells`; `counted(1, 'claim holds', 'claims hold')` where an s at the end is not enough. */
export function counted(number: number, one: string, many?: string): string {
	return `${number} ${singularOrPlural(number, one, many)}`;
}

/** The word alone, where the number stands elsewhere. */
export function singularOrPlural(number: number, one: string, many = `${one}s`): string {
	return number === 1 ? one : many;
}
