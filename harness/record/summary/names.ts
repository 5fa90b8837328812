/** How reports call scenarios. Pure. */
import type {Claim} from '../../model/index.ts';

/** Of a scenario of the run, what reports call it: its title, and its file where several files claim the same title. */
export type NameOf = (claim: Claim) => string;

/** Names for all of these, the same on each cell. What no file claims is called by its title alone. */
export function namesOf(claims: Iterable<Claim>): NameOf {
	const files = new Map<string, string | undefined>();
	for (const {title, file} of claims) {
		files.set(title, files.has(title) && files.get(title) !== file ? undefined : file);
	}

	return ({title, file}) => (file !== '' && files.get(title) !== file ? `${title} (${file})` : title);
}
