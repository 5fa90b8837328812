/** Converts the helper containers of a config: finds the packages of which their images are made. */
import type {Packages} from '../artifacts/packages/packages.ts';
import {releaseOf} from '../artifacts/packages/suites.ts';
import type {ServiceConfig} from '../config/types.ts';
import {listed, UsageError} from '../errors.ts';
import type {HelperSpec} from '../model/index.ts';

/**
 * Returns the helper containers.
 * @param release of this host, from which packages are taken; if it is not configured, the first one that is
 * @throws UsageError with every package that the release does not have
 */
export async function resolveServices(
	services: Readonly<Record<string, ServiceConfig>>,
	packages: Packages,
	release: string,
): Promise<HelperSpec[]> {
	const names = [...new Set(Object.values(services).flatMap(each => each.packages ?? []))];
	const releases = packages.suites.map(releaseOf);
	const suite = releases.includes(release) ? release : (releases[0] ?? release);
	const offered = names.length === 0 ? [] : await packages.offered(names);
	const newestOf = (name: string) =>
		offered.find(
			row => row.name === name && releaseOf(row.suite) === suite && !/-(backports|proposed)/.test(row.suite),
		);
	const missing = Object.entries(services).flatMap(([service, {packages: those = []}]) =>
		those
			.filter(name => !newestOf(name))
			.map(name => `services.${service}.packages: ${suite} has no package '${name}'.`),
	);
	if (missing.length > 0) {
		throw new UsageError(listed(missing), {remedy: 'apt-cache search shows the names of packages.'});
	}

	return Object.entries(services).map(([name, {image, packages: those = [], command, env, ports, files, ready}]) => ({
		name,
		from:
			image === undefined
				? {type: 'packages', packages: those.map(each => newestOf(each)!), suite}
				: {type: 'image', image},
		...(command && {command}),
		environment: env ?? {},
		ports: ports ?? [],
		files: files ?? {},
		...(ready && {ready}),
	}));
}
