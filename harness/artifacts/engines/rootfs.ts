/** The root filesystem of a machine: a suite, a Docker Engine in the version asked for, and tools that show evidence. */
import path from 'node:path';
import {furnish, prune} from '../../guest/guest-files.ts';
import type {Engine} from '../../model/index.ts';
import type {Packages} from '../packages/packages.ts';
import {makeDisk} from '../packages/tree.ts';
import {compareVersions} from '../packages/versions.ts';
import {installTarball} from './tarball.ts';

/** What every machine has. Recommended packages are left out: git and apparmor are among docker.io's. */
const base = [
	...['busybox-static', 'kmod', 'openssh-server', 'procps', 'util-linux', 'mount', 'e2fsprogs', 'ca-certificates'],
	...['iproute2', 'iptables', 'nftables', 'ipvsadm', 'conntrack', 'ethtool', 'iputils-ping', 'tcpdump'],
	...['curl', 'bind9-dnsutils', 'socat', 'qemu-guest-agent'],
];

/**
 * Packages that only some suites have: Docker's command line split off, in the engine's very version, and what spares
 * docker.io the dependency on the whole of systemd.
 */
const companions = ['docker-cli', 'docker-ce-cli'];
const standIns = ['systemd-standalone-sysusers'];

/** What a distribution's own programs are linked to, should a tarball hold such; static builds need none of it. */
const libraries = ['libseccomp2', 'libdevmapper1.02.1', 'libsystemd0'];

/** How large the disk looks to the machine; what is not written takes no room on the host. */
const size = '2G';

/** Names that apt takes, versions pinned where they are the engine's. Part of the artifact's key. */
export async function rootfsPackages(engine: Engine, packages: Packages): Promise<string[]> {
	const {source} = engine;
	if (source.type === 'tarball') {
		return [...base, ...libraries];
	}

	const {name, version} = source.package;
	const offered = await packages.offered([...companions, ...standIns]);
	const matching = companions.filter(
		companion =>
			companion.startsWith(name.replace(/\..*$/, '')) &&
			offered.some(row => row.name === companion && row.version === version),
	);
	const inSuite = standIns.filter(standIn => offered.some(row => row.name === standIn && row.suite === source.suite));
	return [...base, ...inSuite, `${name}=${version}`, ...matching.map(companion => `${companion}=${version}`)];
}

/** What an engine is installed with. */
export interface Installation {
	packages: Packages;
	/** As apt takes them. */
	names: string[];
	/** Emptied by the caller. */
	scratch: string;
	onProgress: (doing: string) => void;
}

/** Makes the disk image. Needs about 1.5 GB in `scratch` and 45 s. */
export async function buildRootfs(engine: Engine, image: string, work: Installation): Promise<void> {
	const root = await installEngine(engine, work);
	await prune(root);
	await furnish(root, {cgroup: cgroupOf(engine.version)});
	work.onProgress('makes the disk');
	await makeDisk(root, image, {size, label: 'swarmlab'});
}

/** Installs a suite and the engine in it. Returns the folder of the tree, below `scratch`. */
export async function installEngine(
	{source}: Engine,
	{packages, names, scratch, onProgress}: Installation,
): Promise<string> {
	const root = path.join(scratch, 'root');
	onProgress(`installs ${source.suite} with ${names.length} packages`);
	const repository = source.type === 'package' ? source.repository : undefined;
	await packages.install(root, scratch, {suite: source.suite, packages: names, variant: 'essential', repository});
	if (source.type === 'tarball') {
		await installTarball(source, root, scratch, packages);
	}

	return root;
}

/** Which hierarchy an engine knows: v2 came with 20.10. */
export function cgroupOf(version: string): 'v1' | 'v2' {
	return compareVersions(version, '20.10') < 0 ? 'v1' : 'v2';
}
