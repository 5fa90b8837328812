/** The distributions that machines are built from: a row each. */

export interface Distribution {
	name: 'debian' | 'ubuntu';
	/** Code names by which the host's own apt sources are recognised. */
	releases: string[];
	/** Suites that are looked into unless the settings say otherwise; of equal versions the first suite's is taken. */
	suites: string[];
	components: string[];
	/** Where the archive of security suites lies beside the main one: what of a mirror's URI is replaced by what. */
	besides: {main: RegExp; security: string} | undefined;
	keyring: string;
	/** Package that brings the keyring. */
	keyringPackage: string;
	/** Endings of a kernel release, by flavour; the first is the default flavour. */
	flavours: Record<string, string>;
}

export const distributions: Record<'debian' | 'ubuntu', Distribution> = {
	debian: {
		name: 'debian',
		releases: [
			'bullseye',
			'bookworm',
			'trixie',
			'forky',
			'sid',
			'stable',
			'oldstable',
			'oldoldstable',
			'testing',
			'unstable',
		],
		suites: [
			'bullseye',
			'bullseye-security',
			'bookworm',
			'bookworm-security',
			'bookworm-backports',
			'trixie',
			'trixie-security',
			'trixie-backports',
			'forky',
			'sid',
		],
		components: ['main'],
		// A snapshot has the time of its day behind the archive's name.
		besides: {main: /\/debian(?=(\/\d{8}T\d{6}Z)?\/?$)/, security: '/debian-security'},
		keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
		keyringPackage: 'debian-archive-keyring',
		flavours: {cloud: 'cloud-amd64', generic: 'amd64'},
	},
	// Written from the layout of Ubuntu's archive; not run yet.
	ubuntu: {
		name: 'ubuntu',
		releases: ['focal', 'jammy', 'noble', 'plucky', 'questing'],
		suites: ['jammy', 'jammy-updates', 'jammy-security', 'noble', 'noble-updates', 'noble-security'],
		components: ['main', 'universe'],
		besides: undefined,
		keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
		keyringPackage: 'ubuntu-keyring',
		flavours: {kvm: 'kvm', virtual: 'virtual', generic: 'generic'},
	},
};

const endings = ['security', 'updates', 'backports', 'proposed', 'proposed-updates'];

/** The base release of a suite: `bookworm-security` -> `bookworm`. A root filesystem is made of these. */
export function releaseOf(suite: string): string {
	return suite.replace(new RegExp(`-(${endings.join('|')})$`), '');
}

/** Every suite that a distribution may have, whether a mirror has it or not. */
export function suiteNames({releases}: Pick<Distribution, 'releases'>): string[] {
	return releases.flatMap(release => [release, ...endings.map(ending => `${release}-${ending}`)]);
}

/** Where the security suites of a mirror are: beside the main archive, where the distribution has them apart. */
export function securityMirrorOf(mirror: string, {besides}: Pick<Distribution, 'besides'>): string {
	return besides ? mirror.replace(besides.main, besides.security) : mirror;
}
