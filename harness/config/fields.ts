/** Lists every field of a config, for its reference. */
import type {z} from 'zod';
import {rules, schema} from './schema.ts';

export interface Field {
	/** `machine.memory`, `topologies[].managers`, `services.*.image`. */
	key: string;
	valid: string;
	/** As it is written in a config file; undefined if the field has no default. */
	default?: string;
}

/** Returns the fields in the order of the schema; the fields of an object follow it. */
export function configFields(from: z.core.$ZodType = schema, prefix = ''): Field[] {
	const def = (from as z.core.$ZodTypes)._zod.def;
	if (def.type === 'array') {
		return configFields(def.element, `${prefix}[]`);
	}

	if (def.type === 'record') {
		return configFields(def.valueType, `${prefix}.*`);
	}

	if (def.type !== 'object') {
		return [];
	}

	return Object.entries(def.shape).flatMap(([name, wrapped]) => {
		const key = prefix ? `${prefix}.${name}` : name;
		const {bare, value} = unwrapped(wrapped);
		const {valid} = rules.get(bare as z.ZodType) ?? {valid: ''};
		return [{key, valid, ...(value === undefined ? {} : {default: written(value)})}, ...configFields(bare, key)];
	});
}

function unwrapped(wrapped: z.core.$ZodType): {bare: z.core.$ZodType; value?: unknown} {
	const def = (wrapped as z.core.$ZodTypes)._zod.def;
	if (def.type === 'default') {
		return {...unwrapped(def.innerType), value: def.defaultValue};
	}

	return def.type === 'prefault' || def.type === 'optional' ? unwrapped(def.innerType) : {bare: wrapped};
}

/** Formats a value as JSON, with the quotes of our code style. */
function written(value: unknown): string {
	return JSON.stringify(value)
		.replaceAll('"', "'")
		.replaceAll(/'(\w+)':/g, '$1: ')
		.replaceAll(/,(?=\w+: )/g, ', ');
}
