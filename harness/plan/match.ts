/** Which names a person means: by a part of the name, or by a glob. Pure. */
import path from 'node:path';

/** Whether a name contains the pattern or, where the pattern is a glob, matches it as a whole. Case does not count. */
export function matches(name: string, pattern: string): boolean {
	const [given, wanted] = [name.toLowerCase(), pattern.toLowerCase()];
	return /[*?[{]/.test(wanted) ? path.matchesGlob(given, wanted) : given.includes(wanted);
}

/** Whether a name matches one of the patterns. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
	return patterns.some(pattern => matches(name, pattern));
}
