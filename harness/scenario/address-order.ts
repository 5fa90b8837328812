/** The one order in which addresses are compared: 10.0.0.9 comes before 10.0.0.10. For `sort`. */
export function byAddress(a: string, b: string): number {
	return a.localeCompare(b, 'en', {numeric: true});
}
