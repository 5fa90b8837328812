/** What a user configures (Config), and the same with all defaults filled in (Settings). */
import type {ProviderName, Variant} from '../model/index.ts';

/** One more apt repository, such as one that offers docker-ce. */
interface RepositoryConfig {
	/** Short word for listings and errors: letters, digits and dashes. */
	name: string;
	/** Base address of the repository, as in an apt source. */
	uri: string;
	/** Suite in it, as in an apt source. */
	suite: string;
	/** Components of the suite, as in an apt source. */
	components: string[];
	/** Absolute path of the file with the key that signs it (.asc or .gpg). */
	key: string;
}

/** Where packages come from. A field that is left out is taken from this host's own apt configuration. */
export interface PackagesConfig {
	/** The distribution that machines are built from. Default: this host's own. */
	distribution?: 'debian' | 'ubuntu';
	/** Address of the package mirror, instead of all mirrors of this host. Default: the ones that this host's apt uses. */
	mirror?: string;
	/** Address of the mirror of the security suites. Default: beside `mirror` where that is set, else the one that this host's apt uses. */
	securityMirror?: string;
	/**
	 * Suites that kernels and engines may come from: `['bookworm', 'bookworm-backports']`. If several suites have a package in
	 * the same version, the first of them is used. Default: all known suites of the distribution.
	 */
	suites?: string[];
	/** Components of these suites. Default: `['main']` for Debian, `['main', 'universe']` for Ubuntu. */
	components?: string[];
	/** Absolute path of the file with the keys that sign the suites. Default: the distribution's own keyring. */
	keyring?: string;
	/**
	 * Use a suite whose Release file has expired (a mirror that is no longer updated, a snapshot archive); a warning reports it. Default: false,
	 * unless this host's apt accepts expired Release files.
	 */
	allowExpired?: boolean;
	/** Further apt repositories that offer engines. Default: none. */
	repositories?: RepositoryConfig[];
}

/**
 * What each node of a mixed cell has, by the name of the node: `{m1: '20.10', others: '28.5'}`. `others` is for all nodes that
 * are not named; without it they have `default`.
 */
export type MixConfig = Record<string, string>;

/** How many machines of each role. */
export interface TopologyConfig {
	/** Machines that are managers. Default: 1. From 1 to 7. */
	managers?: number;
	/** Machines that are workers. Default: 2. From 0 to 20. */
	workers?: number;
}

/** The fields of `swarmlab.config.ts`. Every field may be left out. */
export interface Config {
	/**
	 * Kernels under test. Each is a version or the start of one (`6.1`, `6.12.107`), the name of a package
	 * (`linux-image-…`), the path or URL of a .deb, or a directory with a bzImage and modules.
	 * An object is a mix, as in `engines`. Default: `['default']`, the kernel of this host's own release.
	 */
	kernels?: (string | MixConfig)[];
	/**
	 * Docker Engines under test. Each is a version or the start of one (`20.10`, `26.1.5`), a package of one suite, or the path
	 * or URL of a static tarball with its checksum; `swarmlab engines` lists the available ones. An object is a mix, one cell
	 * whose nodes differ: `{m1: '20.10', others: '28.5'}`. Default: `['default']`, the engine of this host's own release.
	 */
	engines?: (string | MixConfig)[];
	/**
	 * Engines to which scenarios upgrade nodes, one after the other: `['26.1', '28.5']`. Each is written as in `engines`. Default:
	 * none, so that such scenarios are skipped.
	 */
	upgrade?: string[];
	/**
	 * Ways in which nodes are configured before their engine starts: daemon.json, sysctl, withheld modules and more, see
	 * docs/variants.md. Every kernel and engine is tested with each; `{id: 'none'}` is without any. Default: none, so that nodes
	 * are as usual.
	 */
	variants?: Variant[];
	/**
	 * Stacks for scenarios about DevStack, each with every kernel: `packaged`, `rehearsal`, or DevStack itself by its release,
	 * `devstack:mitaka`. Default: `['packaged']`.
	 */
	stacks?: string[];
	/** Every kernel and engine is tested on each of these. Default: `[{managers: 1, workers: 2}]`. */
	topologies?: TopologyConfig[];
	/** How large each machine is. */
	machine?: {
		/** Memory, MiB. Default: 1024. From 512 to 65536. */
		memory?: number;
		/** Virtual CPUs. Default: 1. From 1 to 32. */
		cpus?: number;
	};
	/**
	 * Helper containers by their names: `{registry: {packages: ['docker-registry'], …}}`. They are up before the cells, and the
	 * nodes reach them by their names: docs/providers.md. Default: none.
	 */
	services?: Record<string, ServiceConfig>;
	/** Machines lack what only makes them faster, and each one is booted: see docs/nodes.md. Default: false. */
	plain?: boolean;
	/** Where machines come from. Default: `['qemu']`. */
	providers?: ProviderName[];
	/** Scenario files: paths and globs, relative to the config file. Default: `['scenarios/{*,issues/**\/*}.ts']`, without those about DevStack. */
	scenarios?: string[];
	/** Cells that are left out: ids, whole components of ids (`'k6.1'` is not `'k6.12'`), or globs (`'*-k5.10.*-d28.*'`). Default: none. */
	exclude?: string[];
	/** How often every scenario is proven on every cell. Default: 1. From 1 to 1000. */
	repeat?: number;
	/**
	 * Seed of the order in which scenarios are proven. With `'random'` each run draws one. Default: none, the order of the
	 * files. From 0 to 4294967295.
	 */
	seed?: number | 'random';
	/** How many cells are up at once. Default: `'auto'`, as many as memory and CPUs allow. From 1 to 64. */
	jobs?: 'auto' | number;
	/** How many past runs are kept in `reports/runs`; older ones are removed. Default: 50. From 1 to 100000. */
	runsKept?: number;
	/** Where Debian packages come from. Default: as this host's own apt configuration says. */
	packages?: PackagesConfig;
}

/** A helper container: it has an image of the Docker host, or is made of packages. */
export interface ServiceConfig {
	/** Name of an image that the Docker host has: `registry:2`. It is never pulled. */
	image?: string;
	/** Packages of this host's own release that the container is made of: `['docker-registry']`. */
	packages?: string[];
	/** Program with its arguments. Default: that of the image. */
	command?: string[];
	/** Environment variables. Default: none. */
	env?: Record<string, string>;
	/** TCP ports at which it listens. It is up when it listens at all of them. None is published. */
	ports?: number[];
	/** Contents of files, by absolute path in the container. Default: none. */
	files?: Record<string, string>;
	/** When it is up, instead of `ports`: when its log has a line (a regular expression), or a command succeeds in it. */
	ready?: {log: string} | {command: string[]};
}

/** A Config with every default filled in. `packages` stays partial: harness/artifacts/packages fills in the rest. */
export interface Settings {
	kernels: (string | MixConfig)[];
	engines: (string | MixConfig)[];
	upgrade: string[];
	variants: Variant[];
	stacks: string[];
	topologies: {managers: number; workers: number}[];
	machine: {memory: number; cpus: number};
	services: Record<string, ServiceConfig>;
	plain: boolean;
	providers: ProviderName[];
	scenarios: string[];
	exclude: string[];
	repeat: number;
	seed?: number | 'random' | undefined;
	jobs: 'auto' | number;
	runsKept: number;
	packages: PackagesConfig;
}
