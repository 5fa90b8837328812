/** Matches names with what the user typed: by whole components of the name, or by a glob. Pure. */
import path from 'node:path';

/**
 * Returns whether a name contains the pattern or, if the pattern is a glob, matches it as a whole. Case does not count. The
 * text must begin and end where components do, as with `--kernel 6.1`: `k6.1` is in `k6.1.180`, and not in `k6.12`.
 */
export function matches(name: string, pattern: string): boolean {
	const [given, wanted] = [name.toLowerCase(), pattern.toLowerCase()];
	return /[*?[{]/.test(wanted) ? path.matchesGlob(given, wanted) : has(given, wanted);
}

/** Returns whether a name matches one of the patterns. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
	return patterns.some(pattern => matches(name, pattern));
}

function has(name: string, text: string): boolean {
	for (let at = name.indexOf(text); at >= 0; at = name.indexOf(text, at + 1)) {
		if (isBoundary(name, at) && isBoundary(name, at + text.length)) {
			return text.length > 0;
		}
	}

	return false;
}

/**
 * Returns whether a component begins or ends here. Between two letters or digits none does, with two exceptions: after the
 * `k` or `d` before a version, and after the letters between the numbers of `1m2w1x`.
 */
function isBoundary(name: string, at: number): boolean {
	const [before, after] = [name.slice(0, at), name.slice(at)];
	const isInside = /[a-z\d]$/.test(before) && /^[a-z\d]/.test(after);
	return !isInside || (/(^|[^a-z\d])[kd]$|\d[mw]$/.test(before) && /^\d/.test(after));
}
