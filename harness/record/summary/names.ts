/** The names of scenarios in reports. Pure. */
import type {Claim} from '../../model/index.ts';

/** Returns the name of a scenario in reports: its title, with its file if several files claim the same title. */
export type NameOf = (claim: Claim) => string;

/** Makes names for all of these, the same on each cell. The name of a claim without a file is its title alone. */
export function namesOf(claims: Iterable<Claim>): NameOf {
	const files = new Map<string, string | undefined>();
	for (const {title, file} of claims) {
		const known = files.get(title);
		if (known !== file) {
			files.set(title, known === undefined && !files.has(title) ? file : undefined);
		}
	}

	return ({title, file}) => (file !== '' && files.get(title) !== file ? `${title} (${file})` : title);
}
