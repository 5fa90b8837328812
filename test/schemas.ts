/** Checks values by the schemas of the package. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {Ajv} from 'ajv';
import {packageRoot} from '../harness/package.ts';

/** Returns a function that returns what a value has against a schema: `schemas/NAME.schema.json`; empty if nothing. */
export function checkerOf(name: string): (value: unknown) => string[] {
	const file = path.join(packageRoot, `schemas/${name}.schema.json`);
	const schema = closed(JSON.parse(readFileSync(file, 'utf8'))) as object;
	const check = new Ajv({allErrors: true, strict: false}).compile(schema);
	// As a reader of the JSON sees it: without what is undefined.
	return value =>
		check(JSON.parse(JSON.stringify(value)))
			? []
			: (check.errors ?? []).map(
					({instancePath, message, params}) => `${instancePath} ${message} ${JSON.stringify(params)}`,
				);
}

/** Allows only the fields that a schema names: a part that is written and is in no type would be missed otherwise. */
function closed(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(closed);
	}

	if (value === null || typeof value !== 'object') {
		return value;
	}

	const parts = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each)]));
	const isOpen = parts.type === 'object' && 'properties' in parts && !('additionalProperties' in parts);
	return isOpen ? {...parts, additionalProperties: false} : parts;
}
