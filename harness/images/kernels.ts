/** The kernels that can be had from the suites that are configured, and which one a person means. */
import type {Kernel} from '../model.ts';
import {dependencies} from './deb822.ts';
import {kernelPackages} from './kernel-packages.ts';
import {type PackageRow, packageIndex} from './package-index.ts';
import {type Report, silent} from './report.ts';
import type {PackageSettings} from './settings.ts';
import {distributions} from './suites.ts';
import {compareVersions, upstreamOf} from './versions.ts';

/** Flavours by the ending of a release; the longer ending is looked for first, as `cloud-amd64` ends in `amd64` too. */
const endings = Object.values(distributions)
	.flatMap(distribution =>
		Object.entries(distribution.flavours).map(([flavour, ending], index) => ({flavour, ending, rank: index})),
	)
	.sort((a, b) => b.ending.length - a.ending.length);

/**
 * All kernels of the configured suites, newest first; of one version the default flavour first. Debug, unsigned and
 * real-time builds, metapackages and incomplete remains of old kernels are left out.
 * @throws ArtifactError when no suite can be used
 */
export async function listKernels(
	settings: PackageSettings,
	report: Report = silent,
	options: {refresh?: boolean} = {},
): Promise<Kernel[]> {
	const {rows} = await packageIndex(settings, report, options);
	return kernelsIn(rows, settings.suites);
}

/** The same from rows of the package index. Of one version in several suites the first of `suites` counts. Pure. */
export function kernelsIn(rows: PackageRow[], suites: string[]): Kernel[] {
	const kernels = new Map<string, Kernel>();
	for (const row of [...rows].sort((a, b) => suites.indexOf(a.suite) - suites.indexOf(b.suite))) {
		const kernel = kernelOf(row);
		const id = `${row.name} ${row.version}`;
		if (kernel && !kernels.has(id) && kernelPackages(rows, {...row})) {
			kernels.set(id, kernel);
		}
	}

	return [...kernels.values()].sort((a, b) => compareVersions(versionOf(b), versionOf(a)) || rankOf(a) - rankOf(b));
}

/** The flavour of a release: `6.1.0-52-cloud-amd64` -> `cloud`; undefined for those that we do not list. */
export function flavourOf(release: string): {flavour: string; isDefault: boolean; base: string} | undefined {
	for (const {flavour, ending, rank} of endings) {
		const base = release.slice(0, -ending.length - 1);
		// What stands before the ending is a version and an ABI; `6.1.0-52-rt` is another flavour.
		if (release === `${base}-${ending}` && /^\d[\w.+~]*(-\d[\w.]*)?$/.test(base)) {
			return {flavour, isDefault: rank === 0, base};
		}
	}

	return undefined;
}

/** The Debian version of a kernel from a package; of another source its release. */
export function versionOf(kernel: Kernel): string {
	return kernel.source.type === 'package' ? kernel.source.package.version : kernel.release;
}

function kernelOf(row: PackageRow): Kernel | undefined {
	const release = row.name.replace(/^linux-image-/, '');
	const flavour = flavourOf(release);
	const isMetapackage = dependencies(row.depends).some(name => name.startsWith('linux-image-'));
	if (!row.name.startsWith('linux-image-') || !flavour || isMetapackage) {
		return undefined;
	}

	return {
		label: labelOf(row.version, flavour),
		release,
		source: {type: 'package', package: {name: row.name, version: row.version, suite: row.suite}},
	};
}

/**
 * Debian's release `6.1.0-56` says less than its version 6.1.192; Ubuntu's version stays 5.15.0 for years, and its ABI
 * tells: `5.15.0-91`.
 */
function labelOf(
	version: string,
	{flavour, isDefault, base}: {flavour: string; isDefault: boolean; base: string},
): string {
	const upstream = upstreamOf(version);
	const name = base.startsWith(`${upstream}-`) ? base : upstream;
	return isDefault ? name : `${name}-${flavour}`;
}

function rankOf(kernel: Kernel): number {
	const found = flavourOf(kernel.release);
	return endings.find(each => each.flavour === found?.flavour)?.rank ?? endings.length;
}
