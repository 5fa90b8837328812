/**
 * Whether a file is about swarmlab, told by its text: a folder may hold anything, and importing a script runs it.
 * The process that loads the files looks again at what Node links, which no comment deceives.
 */
import {relativeImports, sourceText} from '../relative-imports.ts';

const own = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])swarmlab\1/;

/** It imports `swarmlab`, or a file beside it that does. */
export function importsSwarmlab(file: string, seen = new Set<string>()): boolean {
	if (seen.has(file)) {
		return false;
	}

	seen.add(file);
	const text = sourceText(file);
	return own.test(text) || relativeImports(file, text).some(each => importsSwarmlab(each, seen));
}
