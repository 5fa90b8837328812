/** The distributions from which machines are built: a row each. */

export interface Distribution {
	name: 'debian' | 'ubuntu';
	/** Code names of releases. By them the host's own apt sources are recognised. */
	releases: string[];
	/** Default suites. If several have a package in the same version, the first suite wins. */
	suites: string[];
	components: string[];
	/** How the URI of the security archive is made from that of the main one: `security` replaces what `main` matches. */
	besides: {main: RegExp; security: string} | undefined;
	keyring: string;
	/** Package that contains the keyring. */
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
		// The URI of a snapshot has a time after the name of the archive.
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

/** Returns the base release of a suite, from which a root filesystem is made: `bookworm-security` -> `bookworm`. */
export function releaseOf(suite: string): string {
	return suite.replace(new RegExp(`-(${endings.join('|')})$`), '');
}

/** Returns every possible suite of a distribution, whether a mirror has it or not. */
export function suiteNames({releases}: Pick<Distribution, 'releases'>): string[] {
	return releases.flatMap(release => [release, ...endings.map(ending => `${release}-${ending}`)]);
}

/** Returns the mirror of the security suites: beside the main archive if the distribution has two archives, else the same. */
export function securityMirrorOf(mirror: string, {besides}: Pick<Distribution, 'besides'>): string {
	return besides ? mirror.replace(besides.main, besides.security) : mirror;
}
