/** Shapes: what a value that was read from a file must look like, and what replaces a damaged part of it. */
import fs from 'node:fs';

/** Checks one value. Adds what is wrong to `faults` (`at` is the place of the value). Returns it, mended if it was wrong. */
export type Shape<Value> = (value: unknown, at: string, faults: string[]) => Value;

/** A text; `otherwise` replaces one that is lost. */
export function text(otherwise = 'unknown'): Shape<string> {
	return simple((value): value is string => typeof value === 'string', 'a text', otherwise);
}

export const number: Shape<number> = simple((value): value is number => typeof value === 'number', 'a number', 0);

/** A count from 1. */
export const ordinal: Shape<number> = simple(
	(value): value is number => Number.isSafeInteger(value) && Number(value) > 0,
	'a whole number from 1',
	1,
);

export const flag: Shape<boolean> = simple((value): value is boolean => typeof value === 'boolean', 'yes or no', false);

/** One of these texts; the first replaces one that is lost. */
export function oneOf<Word extends string>(...words: [Word, ...Word[]]): Shape<Word> {
	return simple((value): value is Word => words.includes(value as Word), `one of ${words.join(', ')}`, words[0]);
}

/** A list. Damaged members stay in it, mended: without them it would be another list. */
export function list<Value>(of: Shape<Value>): Shape<Value[]> {
	return (value, at, faults) =>
		Array.isArray(value)
			? mendedList(value, (each, index) => of(each, `${at}[${index}]`, faults))
			: lost(value, at, 'a list', faults, []);
}

/** Values by name. */
export function table<Value>(of: Shape<Value>): Shape<Record<string, Value>> {
	return (value, at, faults) => {
		if (!isObject(value)) {
			return lost(value, at, 'a table', faults, {});
		}

		const entries = Object.entries(value);
		const after = entries.map(([name, each]) => of(each, `${at}.${name}`, faults));
		const same = after.every((each, index) => each === entries[index]![1]);
		return same
			? (value as Record<string, Value>)
			: Object.fromEntries(entries.map(([name], index) => [name, after[index]!]));
	};
}

/** An object with these parts. It may have others, because newer writers may write more. */
export function object<Value extends object>(parts: {[Name in keyof Value]-?: Shape<Value[Name]>}): Shape<Value> {
	const shapes = Object.entries<Shape<unknown>>(parts);
	return (value, at, faults) => {
		const there: Record<string, unknown> = isObject(value) ? value : lost(value, at, 'an object', faults, {});
		// An object that is lost as a whole is one fault.
		const known = isObject(value) ? faults : [];
		// The same object, not a copy, if nothing is wrong with it: a record has a hundred thousand of them. For the same reason
		// the place of a part is a text only where something is wrong with that part.
		let changed: Record<string, unknown> | undefined;
		for (const [name, shape] of shapes) {
			const before = there[name];
			const count = known.length;
			let after = shape(before, '', known);
			if (known.length > count) {
				known.length = count;
				after = shape(before, at === '' ? name : `${at}.${name}`, known);
			}

			if (after !== before) {
				changed ??= {...there};
				changed[name] = after;
			}
		}

		return (changed ?? there) as Value;
	};
}

/** A value that may be missing; a damaged one counts as missing. */
export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
	return (value, at, faults) => {
		if (value === undefined) {
			return undefined;
		}

		const before = faults.length;
		const mended = shape(value, at, faults);
		return faults.length > before ? undefined : mended;
	};
}

/** What a file held: a whole value, or in one sentence what is wrong with the file. */
export type Stored<Value> = {value: Value; problem?: undefined} | {value?: undefined; problem: string};

/** Reads a JSON file that any version may have written, or a full disk cut off. Never throws. */
export function readStored<Value>(file: string, shape: Shape<Value>): Stored<Value> {
	let json: unknown;
	try {
		json = JSON.parse(fs.readFileSync(file, 'utf8'));
	} catch (error) {
		return {problem: `${file} cannot be read: ${(error as Error).message}.`};
	}

	const faults: string[] = [];
	const value = shape(json, '', faults);
	return faults.length === 0 ? {value} : {problem: `${file} is damaged: ${inWords(faults)}.`};
}

/** Returns the faults in words: each once, and only the first five of many. */
export function inWords(faults: readonly string[]): string {
	const all = [...new Set(faults)].map(each => each.trim());
	const more = all.length - 5;
	return [...all.slice(0, 5), ...(more > 0 ? [`and ${more} more ${more === 1 ? 'part' : 'parts'}`] : [])].join(', ');
}

function simple<Value>(is: (value: unknown) => value is Value, kind: string, otherwise: Value): Shape<Value> {
	return (value, at, faults) => (is(value) ? value : lost(value, at, kind, faults, otherwise));
}

function lost<Value>(value: unknown, at: string, kind: string, faults: string[], otherwise: Value): Value {
	faults.push(value === undefined ? `${at} is missing` : `${at || 'it'} is not ${kind}`);
	return otherwise;
}

function mendedList<Value>(values: unknown[], mend: (value: unknown, index: number) => Value): Value[] {
	const after = values.map(mend);
	return after.some((each, index) => each !== values[index]) ? after : (values as Value[]);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
