/** Checks values by the schemas of the package. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {Ajv} from 'ajv';
import {packageRoot} from '../harness/package.ts';

/** Returns a function that returns what a value has against a schema: `schemas/NAME.schema.json`; empty if nothing. */
export function checkerOf(name: string): (value: unknown) => string[] {
	const file = path.join(packageRoot, `schemas/${name}.schema.json`);
	const check = new Ajv({allErrors: true, strict: false}).compile(JSON.parse(readFileSync(file, 'utf8')) as object);
	// As a reader of the JSON sees it: without what is undefined.
	return value =>
		check(JSON.parse(JSON.stringify(value)))
			? []
			: (check.errors ?? []).map(
					({instancePath, message, params}) => `${instancePath} ${message} ${JSON.stringify(params)}`,
				);
}
