/** Versions next to one that is not available. Pure. */
import {compareVersions} from './versions.ts';

/**
 * Returns the next lower and the next higher of `versions`, in that order: for `6.13` and 6.12.117, 6.16.3, 6.16.12 it
 * returns 6.12.117 and 6.16.3. If `wanted` has no digits, it returns the two newest.
 */
export function nearestVersions(wanted: string, versions: string[]): string[] {
	const sorted = shortest(versions).sort(compareVersions);
	const below = sorted.filter(version => compareVersions(version, wanted) < 0).at(-1);
	const above = sorted.find(version => compareVersions(version, wanted) > 0);
	return /\d/.test(wanted) ? [below, above].filter(version => version !== undefined) : sorted.slice(-2);
}

/** Removes duplicates, and `7.3.4-generic` if there is `7.3.4`, which is shorter to type. */
function shortest(versions: string[]): string[] {
	const all = new Set(versions);
	return [...all].filter(version => ![...all].some(other => version.startsWith(`${other}-`)));
}
