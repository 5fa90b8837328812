/** The kernels that can be had from the suites that are configured, and which one a person means. */
import type {Kernel} from '../../model/index.ts';
import {noReport, type Report} from '../../store/report.ts';
import {dependencies} from '../packages/deb822.ts';
import type {PackageRow} from '../packages/package-index.ts';
import type {Packages} from '../packages/packages.ts';
import {compareVersions, upstreamOf} from '../packages/versions.ts';
import {flavourOf, rankOf, versionOf} from './flavours.ts';
import {kernelPackages} from './kernel-packages.ts';

/**
 * All kernels of the configured suites, newest first; of one version the default flavour first. Debug, unsigned and
 * real-time builds, metapackages and incomplete remains of old kernels are left out.
 * @param report hears of suites that are left out or used with a reservation
 * @throws HostError, UsageError when no suite can be used
 */
export async function listKernels(
	packages: Packages,
	report: Report = noReport,
	options: {eachSuite?: boolean} = {},
): Promise<Kernel[]> {
	return kernelsIn(await packages.rows(report), packages.suites, options);
}

/**
 * The same from rows of the package index. Of one version in several suites the first of `suites`
 * counts; with `eachSuite` each does, and the first comes first. Pure.
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
