/** Which files a file imports by a relative path, told by its text: nothing is loaded. */
import {readFileSync} from 'node:fs';
import path from 'node:path';

const relative = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/** Bytes. Nothing that a person writes as a scenario is larger. */
const largest = 4 * 2 ** 20;

/** Text of a source file; empty where it cannot be read, or is larger than what a person writes. */
export function sourceText(file: string): string {
	try {
		const text = readFileSync(file, 'utf8');
		return text.length > largest ? '' : text;
	} catch {
		return '';
	}
}

/** Absolute paths, as they are written: whether they exist is not looked at. */
export function relativeImports(file: string, text = sourceText(file)): string[] {
	return [...text.matchAll(relative)].map(([, , specifier]) => path.resolve(path.dirname(file), specifier!));
}
