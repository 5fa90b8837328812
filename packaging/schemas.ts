/**
 * Makes schemas/: a JSON Schema of a line of `run.jsonl`, and of what `--json` of each command prints, by their types.
 * `npm run schemas` writes them. A test makes them again and compares.
 */
import fs from 'node:fs';
import path from 'node:path';
import {createGenerator} from 'ts-json-schema-generator';

const root = path.dirname(import.meta.dirname);
const folder = path.join(root, 'schemas');

interface Schema {
	$schema?: string;
	definitions?: Record<string, object>;
	properties?: Record<string, object>;
	[other: string]: unknown;
}

/** Returns the schemas by the names of their files. It takes seconds: the types are read from the sources. */
export function schemaFiles(): Map<string, string> {
	const generator = createGenerator({
		path: path.join(root, 'harness/commands/outputs.ts'),
		tsconfig: path.join(root, 'tsconfig.json'),
		// The compiler checks them anyway.
		skipTypeCheck: true,
		// A newer version may write more.
		additionalProperties: true,
		topRef: false,
		expose: 'export',
	});
	const all = generator.createSchema('Outputs') as Schema;
	return new Map(
		Object.entries(all.properties ?? {}).map(([name, schema]) => {
			const definitions = usedIn(schema, all.definitions ?? {});
			const whole = {$schema: all.$schema, title: titleOf(name), ...schema, definitions};
			return [`${name}.schema.json`, `${JSON.stringify(whole, undefined, '\t')}\n`];
		}),
	);
}

function titleOf(name: string): string {
	return (
		{
			'record-line': 'A line of run.jsonl',
			summary: 'What run, merge, report and reproduce print with --json',
			'fault-kinds': 'What swarmlab fault kinds prints with --json',
			'snapshot-list': 'What swarmlab snapshot list prints with --json',
		}[name] ?? `What swarmlab ${name} prints with --json`
	);
}

/** Returns the definitions that a schema names, and those that these name. */
function usedIn(schema: object, all: Record<string, object>): Record<string, object> {
	const found = new Set<string>();
	const look = (part: object) => {
		for (const [, reference] of JSON.stringify(part).matchAll(/"#\/definitions\/([^"]+)"/g)) {
			const name = decodeURIComponent(reference!);
			if (!found.has(name) && all[name]) {
				found.add(name);
				look(all[name]);
			}
		}
	};
	look(schema);
	return Object.fromEntries([...found].sort().map(name => [name, all[name]!]));
}

if (import.meta.main) {
	fs.rmSync(folder, {recursive: true, force: true});
	fs.mkdirSync(folder);
	for (const [name, text] of schemaFiles()) {
		fs.writeFileSync(path.join(folder, name), text);
	}
}
