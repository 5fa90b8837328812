/** Flavours of kernels, told from the ending of a release. Pure. */
import type {Kernel} from '../../model/index.ts';
import {distributions} from '../packages/suites.ts';

export interface Flavour {
	flavour: string;
	/** `cloud-amd64`. */
	ending: string;
	isDefault: boolean;
	/** What stands before the ending: `6.1.0-52`. */
	base: string;
}

/** Flavours by the ending of a release; the longer ending is looked for first, as `cloud-amd64` ends in `amd64` too. */
const endings = Object.values(distributions)
	.flatMap(distribution =>
		Object.entries(distribution.flavours).map(([flavour, ending], index) => ({flavour, ending, rank: index})),
	)
	.sort((a, b) => b.ending.length - a.ending.length);

/** The flavour of a release: `6.1.0-52-cloud-amd64` -> `cloud`; undefined for those that we do not list. */
export function flavourOf(release: string): Flavour | undefined {
	for (const {flavour, ending, rank} of endings) {
		const base = release.slice(0, -ending.length - 1);
		// What stands before the ending is a version and an ABI; `6.1.0-52-rt` is another flavour.
		if (release === `${base}-${ending}` && /^\d[\w.+~]*(-\d[\w.]*)?$/.test(base)) {
			return {flavour, ending, isDefault: rank === 0, base};
		}
	}

	return undefined;
}

/** The Debian version of a kernel from a package; of another source its release. */
export function versionOf(kernel: Kernel): string {
	return kernel.source.type === 'package' ? kernel.source.package.version : kernel.release;
}

/** Place of a kernel's flavour among those of its distribution; 0 is the default one. */
export function rankOf(kernel: Kernel): number {
	const found = flavourOf(kernel.release);
	return endings.find(each => each.flavour === found?.flavour)?.rank ?? endings.length;
}
