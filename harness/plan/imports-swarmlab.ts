/**
 * Decides by the text of a file whether it imports swarmlab: a folder may hold any scripts, and importing a script runs it.
 * The process that loads the files checks again by what Node links, as a comment can deceive this check.
 */
import {relativeImports, sourceText} from '../relative-imports.ts';

const own = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])swarmlab\1/;

/** Returns whether a file imports `swarmlab`, itself or through a relative import. */
export function importsSwarmlab(file: string, seen = new Set<string>()): boolean {
	if (seen.has(file)) {
		return false;
	}

	seen.add(file);
	const text = sourceText(file);
	return own.test(text) || relativeImports(file, text).some(each => importsSwarmlab(each, seen));
}
