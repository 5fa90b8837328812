/** The Docker Engines that the configured suites and repositories offer. */
import type {Engine} from '../../model/index.ts';
import {noReport, type Report} from '../../store/report.ts';
import type {PackageRow} from '../packages/package-index.ts';
import type {Packages} from '../packages/packages.ts';
import {releaseOf} from '../packages/suites.ts';
import {compareVersions, upstreamOf} from '../packages/versions.ts';
import {packageVersion} from './engine-spec.ts';

/** Packages that contain dockerd. */
const bringers = ['docker.io', 'docker-ce', 'docker-engine', 'moby-engine'];

/**
 * Returns all engines of the configured suites and repositories, newest first.
 * @param report receives a notice for each suite that is left out, expired or out of date
 * @throws HostError or UsageError when no suite can be used
 */
export async function listEngines(
	packages: Packages,
	report: Report = noReport,
	options: {eachSuite?: boolean} = {},
): Promise<Engine[]> {
	return enginesIn(await packages.rows(report), packages.suites, options);
}

/**
 * Returns the engines in rows of the package index, newest first. If several suites have one version, only the first
 * of `suites` counts. With `eachSuite` each of them counts, in the order of `suites`. Pure.
 */
export function enginesIn(
	rows: PackageRow[],
	suites: string[],
	{eachSuite = false}: {eachSuite?: boolean} = {},
): Engine[] {
	const order = (suite: string) => (suites.includes(suite) ? suites.indexOf(suite) : suites.length);
	const engines = new Map<string, Engine>();
	for (const row of [...rows].sort((a, b) => order(a.suite) - order(b.suite))) {
		const id = `${row.name} ${row.version}${eachSuite ? ` ${row.suite} ${row.repository}` : ''}`;
		if (bringers.includes(row.name) && !engines.has(id)) {
			engines.set(id, engineOf(row, suites));
		}
	}

	// The program's version counts first, because epochs depend on the packager (docker-ce has 5:, docker.io has none).
	return [...engines.values()].sort(
		(a, b) => compareVersions(b.version, a.version) || compareVersions(packageVersion(b), packageVersion(a)),
	);
}

function engineOf(row: PackageRow, suites: string[]): Engine {
	const version = upstreamOf(row.version);
	const {name, suite, repository} = row;
	return {
		label: version,
		version,
		source: {
			type: 'package',
			package: {name, version: row.version, suite},
			suite: homeOf(row, suites),
			...(repository ? {repository} : {}),
		},
	};
}

/** Returns the release into whose root filesystem a package is installed. */
function homeOf(row: PackageRow, suites: string[]): string {
	const own = releaseOf(row.suite);
	if (!row.repository || suites.includes(own)) {
		return own;
	}

	// The repository has suites of its own (`stable`). The version of a package names the release that it was built for.
	return suites.find(suite => row.version.includes(suite)) ?? releaseOf(suites[0]!);
}
