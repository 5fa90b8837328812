/** Ranges of versions: `<20.10.8`, `>=20.10.15 <28`, `20.10 || >=25`, `*`. Pure. */

/** One comparison. Only as many components are compared as it has: `20.10` is every 20.10.x, and `>20.10` begins with 20.11. */
interface Comparison {
	sign: '<' | '<=' | '>' | '>=' | '=';
	components: number[];
}

/** One of the lists must hold, with all of its comparisons. */
type Range = readonly (readonly Comparison[])[];

const one = /^(<=|>=|<|>|=)?v?(\d+(?:\.\d+)*)$/;

/** Parses a range. Returns the range, or what is wrong with the text in one sentence. */
export function parseRange(text: string): {range: Range} | {problem: string} {
	if (text.trim() === '*') {
		return {range: [[]]};
	}

	// A blank may follow a sign.
	const alternatives = text.replaceAll(/([<>=])\s+(?=[\dv])/g, '$1').split('||');
	const range: Comparison[][] = [];
	for (const alternative of alternatives) {
		const words = alternative.split(/\s+/).filter(Boolean);
		if (words.length === 0) {
			return {problem: `'${text}' is no range of versions: there is nothing ${where(alternatives, range.length)}`};
		}

		const comparisons: Comparison[] = [];
		for (const word of words) {
			const [, sign = '=', version] = one.exec(word) ?? [];
			if (version === undefined) {
				return {problem: `'${text}' is no range of versions: '${word}' is not understood. ${examples}`};
			}

			comparisons.push({sign: sign as Comparison['sign'], components: version.split('.').map(Number)});
		}

		range.push(comparisons);
	}

	return {range};
}

const examples = "Valid: '<20.10.8', '>=20.10.15 <28', '20.10 || >=25', '*'.";

function where(alternatives: readonly string[], index: number): string {
	return alternatives.length === 1 ? `in it. ${examples}` : `${index === 0 ? 'before' : 'after'} '||'. ${examples}`;
}

/** Returns whether a version is in a range. A suffix of the version does not count: `6.1.192-generic` is 6.1.192. */
function isIn(version: string, range: Range): boolean {
	const components = (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
	return range.some(all => all.every(each => holds(components, each)));
}

function holds(version: readonly number[], {sign, components}: Comparison): boolean {
	const order = compare(version, components);
	return {'<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0, '=': order === 0}[sign];
}

/** Compares the components that the second one has. */
function compare(version: readonly number[], components: readonly number[]): number {
	for (const [index, wanted] of components.entries()) {
		const difference = (version[index] ?? 0) - wanted;
		if (difference !== 0) {
			return difference;
		}
	}

	return 0;
}

/** Does the same as `isIn` for a text. A text that is no range holds nothing: who writes it is told before. */
export function isInText(version: string, text: string): boolean {
	const parsed = parseRange(text);
	return 'range' in parsed && isIn(version, parsed.range);
}

/** Returns what is wrong with a day (`2027-06-30`), in one sentence; undefined if it is one. */
export function problemOfDay(text: string): string | undefined {
	const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	// Date.parse refuses the 30th of February in this form, and accepts the 31st of April in some engines.
	return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text
		? `'${text}' is no day: it is written as in '2027-06-30'.`
		: undefined;
}
