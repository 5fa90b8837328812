/** The distributions that machines are built from: a row each. */

export interface Distribution {
	name: 'debian' | 'ubuntu';
	/** Code names by which the host's own apt sources are recognised. */
	releases: string[];
	/** Suites that are looked into unless the settings say otherwise; of equal versions the first suite's is taken. */
	suites: string[];
	components: string[];
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
		keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
		keyringPackage: 'ubuntu-keyring',
		flavours: {kvm: 'kvm', virtual: 'virtual', generic: 'generic'},
	},
};

/** The base release of a suite: `bookworm-security` -> `bookworm`. A root filesystem is made of these. */
export function releaseOf(suite: string): string {
	return suite.replace(/-(security|updates|backports|proposed|proposed-updates)$/, '');
}
