/** Finds the names that the user probably meant, for errors about names. Imports nothing of ours. */
import {distance} from 'fastest-levenshtein';

/**
 * Returns the candidates of which `given` may be a typo, nearest first, at most `most`. In a typo at most a third of the
 * letters differ (two may always differ), or one text is the start of the other.
 */
export function nearest(given: string, candidates: readonly string[], most = 3): string[] {
	const wanted = given.toLowerCase();
	return candidates
		.map(candidate => ({candidate, away: away(wanted, candidate.toLowerCase())}))
		.filter(({away}) => away <= Math.max(2, Math.floor(wanted.length / 3)))
		.sort((a, b) => a.away - b.away)
		.slice(0, most)
		.map(({candidate}) => candidate);
}

function away(given: string, candidate: string): number {
	const starts = given.length > 2 && (candidate.startsWith(given) || given.startsWith(candidate));
	return starts ? 1 : distance(given, candidate);
}
