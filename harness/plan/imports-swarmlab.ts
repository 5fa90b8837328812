/**
 * Whether a file is about swarmlab, told by its text: a folder may hold anything, and importing a script runs it.
 * The process that loads the files looks again at what Node links, which no comment deceives.
 */
import {readFileSync} from 'node:fs';
import path from 'node:path';

const own = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])swarmlab\1/;
const relative = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/** Bytes. Nothing that a person writes as a scenario is larger. */
const largest = 4 * 2 ** 20;

/** It imports `swarmlab`, or a file beside it that does. */
export function importsSwarmlab(file: string, seen = new Set<string>()): boolean {
	if (seen.has(file)) {
		return false;
	}

	seen.add(file);
	const text = textOf(file);
	return (
		own.test(text) ||
		[...text.matchAll(relative)].some(([, , specifier]) =>
			importsSwarmlab(path.resolve(path.dirname(file), specifier!), seen),
		)
	);
}

function textOf(file: string): string {
	try {
		const text = readFileSync(file, 'utf8');
		return text.length > largest ? '' : text;
	} catch {
		return '';
	}
}
