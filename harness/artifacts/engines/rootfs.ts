/** The root filesystem of a machine: a suite, a Docker Engine in the requested version, and tools for evidence. */
import path from 'node:path';
import {furnish, prune} from '../../guest/guest-files.ts';
import type {Engine} from '../../model/index.ts';
import type {Packages} from '../packages/packages.ts';
import {makeDisk} from '../packages/tree.ts';
import {compareVersions} from '../packages/versions.ts';
import {installTarball} from './tarball.ts';

/** Packages of every machine. Recommended packages are left out, because docker.io recommends git and apparmor. */
const base = [
	...['busybox-static', 'kmod', 'openssh-server', 'procps', 'util-linux', 'mount', 'e2fsprogs', 'ca-certificates'],
	...['iproute2', 'iptables', 'nftables', 'ipvsadm', 'conntrack', 'ethtool', 'iputils-ping', 'tcpdump'],
	...['curl', 'bind9-dnsutils', 'socat', 'qemu-guest-agent'],
];

/**
 * Packages that only some suites have: Docker's command line as a package of its own, in exactly the engine's version, and
 * a package that satisfies docker.io's dependency without all of systemd.
 */
const companions = ['docker-cli', 'docker-ce-cli'];
const standIns = ['systemd-standalone-sysusers'];

/** Libraries for a tarball with a distribution's dynamically linked programs. Static builds need none of them. */
const libraries = ['libseccomp2', 'libdevmapper1.02.1', 'libsystemd0'];

/** Size of the disk as the machine sees it. The image is sparse: blocks not written take no space on the host. */
const size = '2G';

/** Returns package names as apt takes them. Packages of the engine are pinned to its version. Part of the artifact's key. */
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

/** What the installation of an engine needs. */
export interface Installation {
	packages: Packages;
	/** Package names as apt takes them. */
	names: string[];
	/** Folder for temporary files. The caller empties it. */
	scratch: string;
	onProgress: (doing: string) => void;
}

/** Makes the disk image. This takes about 1.5 GB in `scratch` and 45 s. */
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

/** Returns the version of control groups for an engine. Engines support v2 since 20.10. */
export function cgroupOf(version: string): 'v1' | 'v2' {
	return compareVersions(version, '20.10') < 0 ? 'v1' : 'v2';
}
