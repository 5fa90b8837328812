/** Versions next to one that cannot be had. Pure. */
import {compareVersions} from './versions.ts';

/**
 * The next lower and the next higher of `versions`, in that order: for `6.13` out of 6.12.117, 6.16.3, 6.16.12 it is
 * 6.12.117 and 6.16.3. Without digits in `wanted` the newest.
 */
export function nearestVersions(wanted: string, versions: string[]): string[] {
	const sorted = shortest(versions).sort(compareVersions);
	const below = sorted.filter(version => compareVersions(version, wanted) < 0).at(-1);
	const above = sorted.find(version => compareVersions(version, wanted) > 0);
	return /\d/.test(wanted) ? [below, above].filter(version => version !== undefined) : sorted.slice(-2);
}

/** Each once, and `7.3.4-generic` not beside `7.3.4`, which is enough to type. */
function shortest(versions: string[]): string[] {
	const all = new Set(versions);
	return [...all].filter(version => ![...all].some(other => version.startsWith(`${other}-`)));
}
