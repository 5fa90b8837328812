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
	return (value, at, faults) =>
		isObject(value)
			? (mended(value, Object.keys(value), (each, name) => of(each, `${at}.${name}`, faults)) as Record<string, Value>)
			: lost(value, at, 'a table', faults, {});
}

/** An object with these parts. It may have others, because newer writers may write more. */
export function object<Value extends object>(parts: {[Name in keyof Value]-?: Shape<Value[Name]>}): Shape<Value> {
	const names = Object.keys(parts);
	const shapes = parts as Record<string, Shape<unknown>>;
	return (value, at, faults) => {
		const there = isObject(value) ? value : lost(value, at, 'an object', faults, {});
		// An object that is lost as a whole is one fault.
		const known = isObject(value) ? faults : [];
		return mended(there, names, (each, name) =>
			shapes[name]!(each, at === '' ? name : `${at}.${name}`, known),
		) as Value;
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

/** Returns the same object, not a copy, if nothing is wrong with it: a record has a hundred thousand of them. */
function mended(
	value: Record<string, unknown>,
	names: string[],
	mend: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
	let changed: Record<string, unknown> | undefined;
	for (const name of names) {
		const before = value[name];
		const after = mend(before, name);
		if (after !== before) {
			changed ??= {...value};
			changed[name] = after;
		}
	}

	return changed ?? value;
}

function mendedList<Value>(values: unknown[], mend: (value: unknown, index: number) => Value): Value[] {
	const after = values.map(mend);
	return after.some((each, index) => each !== values[index]) ? after : (values as Value[]);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
