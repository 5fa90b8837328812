/** The names of scenarios in reports. Pure. */
import type {Claim} from '../../model/index.ts';

/** Returns the name of a scenario in reports: its title, with its file if several files claim the same title. */
export type NameOf = (claim: Claim) => string;

/** Makes names for all of these, the same on each cell. The name of a claim without a file is its title alone. */
export function namesOf(claims: Iterable<Claim>): NameOf {
	const files = new Map<string, string | undefined>();
	for (const {title, file} of claims) {
		files.set(title, files.has(title) && files.get(title) !== file ? undefined : file);
	}

	return ({title, file}) => (file !== '' && files.get(title) !== file ? `${title} (${file})` : title);
}
