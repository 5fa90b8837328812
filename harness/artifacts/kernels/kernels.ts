/** The kernels that the configured suites offer. */
import type {Kernel} from '../../model/index.ts';
import {noReport, type Report} from '../../store/report.ts';
import {dependencies} from '../packages/deb822.ts';
import type {PackageRow} from '../packages/package-index.ts';
import type {Packages} from '../packages/packages.ts';
import {compareVersions, upstreamOf} from '../packages/versions.ts';
import {flavourOf, rankOf, versionOf} from './flavours.ts';
import {kernelPackages} from './kernel-packages.ts';

/**
 * Returns all kernels of the configured suites, newest first. Of one version the default flavour comes first. Debug,
 * unsigned and real-time builds, metapackages and incomplete old kernels are left out.
 * @param report receives a notice for each suite that is left out, expired or out of date
 * @throws HostError or UsageError when no suite can be used
 */
export async function listKernels(
	packages: Packages,
	report: Report = noReport,
	options: {eachSuite?: boolean} = {},
): Promise<Kernel[]> {
	return kernelsIn(await packages.rows(report), packages.suites, options);
}

/**
 * Returns the kernels in rows of the package index, newest first. If several suites have one version, only the first
 * of `suites` counts. With `eachSuite` each of them counts, in the order of `suites`. Pure.
 */
export function kernelsIn(
	rows: PackageRow[],
	suites: string[],
	{eachSuite = false}: {eachSuite?: boolean} = {},
): Kernel[] {
	const kernels = new Map<string, Kernel>();
	for (const row of [...rows].sort((a, b) => suites.indexOf(a.suite) - suites.indexOf(b.suite))) {
		const kernel = kernelOf(row);
		const id = `${row.name} ${row.version}${eachSuite ? ` ${row.suite} ${row.repository}` : ''}`;
		if (kernel && !kernels.has(id) && kernelPackages(rows, {...row})) {
			kernels.set(id, kernel);
		}
	}

	return [...kernels.values()].sort((a, b) => compareVersions(versionOf(b), versionOf(a)) || rankOf(a) - rankOf(b));
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
 * Returns the label of a kernel. For Debian it is the version 6.1.192, which is more exact than the release `6.1.0-56`. For
 * Ubuntu it includes the ABI, `5.15.0-91`, because the version stays 5.15.0 for years.
 */
function labelOf(
	version: string,
	{flavour, isDefault, base}: {flavour: string; isDefault: boolean; base: string},
): string {
	const upstream = upstreamOf(version);
	const name = base.startsWith(`${upstream}-`) ? base : upstream;
	return isDefault ? name : `${name}-${flavour}`;
}
