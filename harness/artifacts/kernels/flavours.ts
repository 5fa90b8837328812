/** Finds the flavour of a kernel by the ending of its release. Pure. */
import type {Kernel} from '../../model/index.ts';
import {distributions} from '../packages/suites.ts';

export interface Flavour {
	flavour: string;
	/** `cloud-amd64`. */
	ending: string;
	isDefault: boolean;
	/** The release without the ending: `6.1.0-52`. */
	base: string;
}

/** Flavours by the ending of a release. Longer endings come first, because `cloud-amd64` also ends in `amd64`. */
const endings = Object.values(distributions)
	.flatMap(distribution =>
		Object.entries(distribution.flavours).map(([flavour, ending], index) => ({flavour, ending, rank: index})),
	)
	.sort((a, b) => b.ending.length - a.ending.length);

/** Returns the flavour of a release: `6.1.0-52-cloud-amd64` -> `cloud`; undefined for a flavour that we do not list. */
export function flavourOf(release: string): Flavour | undefined {
	for (const {flavour, ending, rank} of endings) {
		const base = release.slice(0, -ending.length - 1);
		// Before the ending there must be a version and an ABI only: `6.1.0-52-rt` belongs to another flavour.
		if (release === `${base}-${ending}` && /^\d[\w.+~]*(-\d[\w.]*)?$/.test(base)) {
			return {flavour, ending, isDefault: rank === 0, base};
		}
	}

	return undefined;
}

/** Returns the Debian version of a kernel from a package, and the release of a kernel from another source. */
export function versionOf(kernel: Kernel): string {
	return kernel.source.type === 'package' ? kernel.source.package.version : kernel.release;
}

/** Returns the rank of a kernel's flavour in its distribution; 0 is the default flavour. */
export function rankOf(kernel: Kernel): number {
	const found = flavourOf(kernel.release);
	return endings.find(each => each.flavour === found?.flavour)?.rank ?? endings.length;
}
