/** Converts zod's issues to sentences: each with its key, what was given, what is valid, and the nearest valid value. */
import type {z} from 'zod';
import {nearest} from '../nearest.ts';
import {rules} from './schema.ts';

/** Returns the schema at a path, without its wrappers (default, optional); undefined if the schema has no such path. */
function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
	const bare = unwrap(schema);
	const [key, ...rest] = path;
	if (key === undefined) {
		return bare;
	}

	const def = (bare as z.core.$ZodTypes)._zod.def;
	if (def.type === 'union') {
		return def.options.map(option => schemaAt(option, path)).find(found => found !== undefined);
	}

	const next =
		def.type === 'object'
			? def.shape[String(key)]
			: def.type === 'array'
				? def.element
				: def.type === 'record'
					? def.valueType
					: undefined;
	return next && schemaAt(next, rest);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
	const def = (schema as z.core.$ZodTypes)._zod.def;
	return def.type === 'default' || def.type === 'prefault' || def.type === 'optional' ? unwrap(def.innerType) : schema;
}

/** Returns the field names of the object at this path. A mistyped key is compared with them. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
	const found = schemaAt(schema, path) as z.core.$ZodTypes | undefined;
	return found?._zod.def.type === 'object' ? Object.keys(found._zod.def.shape) : [];
}

/** `topologies[0].managers`. */
function keyPath(path: readonly PropertyKey[]): string {
	return path
		.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index ? '.' : ''}${String(key)}`))
		.join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

function quote(value: unknown): string {
	if (typeof value === 'string') {
		return `'${value}'`;
	}

	const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function suggestion(given: unknown, words: readonly string[] | undefined): string {
	const near = typeof given === 'string' && words ? nearest(given, words)[0] : undefined;
	return near ? ` Did you mean '${near}'?` : '';
}

/**
 * Finds promises, maps and other instances of classes where an object with fields is expected; returns a sentence for each.
 * None of their content is a field, so each would pass as an object in which every field has its default.
 */
export function foreignObjects(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[] = []): string[] {
	const found = schemaAt(schema, path);
	if (typeof value !== 'object' || value === null || !found) {
		return [];
	}

	const isObject = (found as z.core.$ZodTypes)._zod.def.type === 'object';
	const fields = Object.entries(value);
	if (isObject && fields.length === 0 && isForeign(value)) {
		const key = path.length === 0 ? 'the config' : keyPath(path);
		const cure = value instanceof Promise ? ' Write await before it.' : '';
		return [
			`${key}: a ${value.constructor.name} is not valid. Valid: ${rules.get(found as z.ZodType)?.valid ?? 'an object'}.${cure}`,
		];
	}

	return fields.flatMap(([key, each]) =>
		foreignObjects(schema, each, [...path, Array.isArray(value) ? Number(key) : key]),
	);
}

/** Returns whether an object is an instance of a class. */
function isForeign(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/**
 * Returns one sentence per problem.
 * @param name converts a key path to what the user typed: the key itself, or the option of the command line.
 */
export function problemsOf(
	schema: z.core.$ZodType,
	input: unknown,
	issues: readonly z.core.$ZodIssue[],
	name: (key: string) => string = key => key,
): string[] {
	return issues.flatMap(issue => {
		if (issue.code === 'unrecognized_keys') {
			const known = fieldsAt(schema, issue.path);
			return issue.keys.map(key => {
				const near = suggestion(key, known);
				return `${name(keyPath([...issue.path, key]))}: there is no such field.${near || ` Valid: ${known.join(', ')}.`}`;
			});
		}

		const given = valueAt(input, issue.path);
		const found = schemaAt(schema, issue.path);
		const rule = found && rules.get(found as z.ZodType);
		const key = issue.path.length === 0 ? 'the config' : name(keyPath(issue.path));
		return `${key}: ${quote(given)} is not valid. Valid: ${rule?.valid ?? issue.message}.${suggestion(given, rule?.words)}`;
	});
}
