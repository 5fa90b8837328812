/** Compares two addresses by their numbers, for `sort`: 10.0.0.9 comes before 10.0.0.10. */
export function byAddress(a: string, b: string): number {
	return a.localeCompare(b, 'en', {numeric: true});
}
