/** A user's settings for packages, as plain data. Missing values come from the host's own apt configuration. */
import {readFile} from 'node:fs/promises';
import os from 'node:os';
import {HostError} from '../../errors.ts';
import {hostAptConfig} from './host-apt.ts';
import {type AptSource, readHostSources} from './sources.ts';
import {type Distribution, distributions, securityMirrorOf} from './suites.ts';

/** An additional apt repository, such as one with docker-ce. */
interface RepositorySettings {
	/** Short word for listings and errors; letters, digits and dashes. */
	name: string;
	uri: string;
	suite: string;
	components: string[];
	/** File with the key that signs it: ASCII-armoured (.asc) or binary (.gpg). Absolute path. */
	key: string;
}

/** The sources of packages. */
export interface PackageSettings {
	distribution: 'debian' | 'ubuntu';
	mirror: string;
	/** Mirror of the suites that end in `-security`. */
	securityMirror: string;
	/** If several suites have a package in the same version, the first suite wins. */
	suites: string[];
	components: string[];
	/** File with the keys that sign the suites. */
	keyring: string;
	/** Use a suite although its Release has expired, as on a mirror that is no longer updated. Each use makes a warning. */
	allowExpired: boolean;
	/** Where `allowExpired` comes from, for the warning. Undefined: from the config or the command line. */
	expiredAllowedBy?: string;
	repositories: RepositorySettings[];
}

/**
 * Returns the settings of this host: the mirror of its apt, the suites of its distribution. A given mirror replaces all
 * mirrors of the host. The security suites are then expected beside it, unless `securityMirror` is given too.
 * @throws HostError when the host is neither Debian nor Ubuntu, or its apt names no mirror.
 */
export async function detectPackageSettings(overrides: Partial<PackageSettings> = {}): Promise<PackageSettings> {
	const distribution = distributions[overrides.distribution ?? (await hostDistribution())];
	const sources = await readHostSources();
	const mirror = overrides.mirror ?? findMirror(sources, distribution).main;
	if (!mirror) {
		throw new HostError(`The apt configuration of this host names no mirror for ${distribution.name}.`, {
			remedy: 'Set packages.mirror in swarmlab.config.ts to the URI that your distribution is installed from.',
		});
	}

	return {
		distribution: distribution.name,
		mirror,
		securityMirror:
			(overrides.mirror ? undefined : findMirror(sources, distribution).security) ??
			securityMirrorOf(mirror, distribution),
		suites: distribution.suites,
		components: distribution.components,
		keyring: distribution.keyring,
		allowExpired: await hostAllowsExpired(),
		...(overrides.allowExpired === undefined && {
			expiredAllowedBy: "this host's apt says so: Acquire::Check-Valid-Until",
		}),
		repositories: [],
		...withoutUndefined(overrides),
	};
}

/**
 * Finds the distribution's own mirrors in the host's apt sources.
 * `main` has suites such as `bookworm`, `security` those that end in `-security`.
 */
export function findMirror(
	sources: AptSource[],
	distribution: Pick<Distribution, 'releases'>,
): {main: string | undefined; security: string | undefined} {
	const serving = (ending: string) =>
		sources.find(source => distribution.releases.some(release => source.suites.includes(`${release}${ending}`)))?.uri;
	return {main: serving('') ?? serving('-updates'), security: serving('-security')};
}

async function hostDistribution(): Promise<'debian' | 'ubuntu'> {
	const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
	const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(match => match[1]!.split(' '));
	if (ids.includes('ubuntu')) {
		return 'ubuntu';
	}

	if (ids.includes('debian')) {
		return 'debian';
	}

	throw new HostError(
		`swarmlab builds its machines from Debian's or Ubuntu's packages; this host is ${os.version()}.`,
		{
			remedy: 'Run it on Debian or Ubuntu, or in a container of one of them.',
		},
	);
}

/** Whether the host's apt accepts expired Release files. Then we do too, so the user need not configure it twice. */
async function hostAllowsExpired(): Promise<boolean> {
	const found = (await hostAptConfig()).flatMap(line => /^Acquire::Check-Valid-Until "(.*)";$/i.exec(line)?.[1] ?? []);
	return ['false', 'no', '0', 'off'].includes((found.at(-1) ?? '').trim().toLowerCase());
}

function withoutUndefined<T extends object>(object: T): Partial<T> {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
