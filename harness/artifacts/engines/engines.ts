/** The Docker Engines that can be had from the suites and repositories that are configured. */
import type {Engine} from '../../model/index.ts';
import {noReport, type Report} from '../../store/report.ts';
import type {PackageRow} from '../packages/package-index.ts';
import type {Packages} from '../packages/packages.ts';
import {releaseOf} from '../packages/suites.ts';
import {compareVersions, upstreamOf} from '../packages/versions.ts';
import {packageVersion} from './engine-spec.ts';

/** Packages that bring dockerd. */
const bringers = ['docker.io', 'docker-ce', 'docker-engine', 'moby-engine'];

/**
 * All engines of the configured suites and repositories, newest first.
 * @param report hears of suites that are left out or used with a reservation
 * @throws HostError, UsageError when no suite can be used
 */
export async function listEngines(
	packages: Packages,
	report: Report = noReport,
	options: {eachSuite?: boolean} = {},
): Promise<Engine[]> {
	return enginesIn(await packages.rows(report), packages.suites, options);
}

/**
 * The same from rows of the package index. Of one version in several suites the first of `suites`
 * counts; with `eachSuite` each does, and the first comes first. Pure.
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

	// Epochs are a packager's matter (docker-ce has 5:, docker.io has none): the program's version counts first.
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

/** The release whose root filesystem a package is installed in. */
function homeOf(row: PackageRow, suites: string[]): string {
	const own = releaseOf(row.suite);
	if (!row.repository || suites.includes(own)) {
		return own;
	}

	// A repository with suites of its own (`stable`): packages tell in their version which release they were built for.
	return suites.find(suite => row.version.includes(suite)) ?? releaseOf(suites[0]!);
}
