/** Finds the files that a file imports by a relative path. It reads the text and loads nothing. */
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

const relative = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/** Bytes. No scenario that a person writes is larger. */
const largest = 4 * 2 ** 20;

/** Returns the text of a source file; an empty text if it cannot be read or is larger than a person writes. */
export function sourceText(file: string): string {
	try {
		const text = readFileSync(file, 'utf8');
		return text.length > largest ? '' : text;
	} catch {
		return '';
	}
}

/** Returns absolute paths, as they are written. It does not check that they exist. */
export function relativeImports(file: string, text = sourceText(file)): string[] {
	return [...text.matchAll(relative)].map(([, , specifier]) => path.resolve(path.dirname(file), specifier!));
}

/** Returns a file and all that it imports by relative paths, and those, absolute; without files that are not there. */
export function filesWithImports(file: string, seen = new Set<string>()): Set<string> {
	if (!seen.has(file) && existsSync(file)) {
		seen.add(file);
		for (const each of relativeImports(file)) {
			filesWithImports(each, seen);
		}
	}

	return seen;
}
