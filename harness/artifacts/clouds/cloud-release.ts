/** Which release of OpenStack a suite has, and which of its packages a machine gets. */
import {ArtifactError} from '../../errors.ts';
import type {Packages} from '../packages/packages.ts';
import {releaseOf} from '../packages/suites.ts';

/** Suites whose packages work with our scripts (seen in a run), each with the name of its OpenStack release. */
const releases: Record<string, string> = {
	bookworm: 'zed',
};

/** Packages of the machine itself, and tools for evidence. Our scripts and DevStack's call `lsb_release`. */
const machine = [
	...['busybox-static', 'kmod', 'openssh-server', 'procps', 'util-linux', 'mount', 'e2fsprogs', 'ca-certificates'],
	...['iproute2', 'iptables', 'nftables', 'iputils-ping', 'tcpdump', 'curl', 'socat', 'qemu-guest-agent'],
	...['sudo', 'lsb-release'],
];

/** Packages with the programs of the services. Our scripts start the services, not init, so these packages are enough. */
const cloud = [
	...['keystone', 'glance-api', 'placement-api', 'nova-common', 'mariadb-server'],
	...['neutron-common', 'neutron-linuxbridge-agent', 'neutron-dhcp-agent'],
	...['python3-openstackclient', 'python3-novaclient'],
];

export interface CloudRelease {
	suite: string;
	/** `zed` */
	name: string;
	/** Package names as apt takes them. Those of OpenStack name the version that the suite offers now. */
	packages: string[];
}

/**
 * Returns the first release whose packages a configured suite offers.
 * @throws ArtifactError when no configured suite has such a release
 */
export async function cloudRelease(packages: Packages): Promise<CloudRelease> {
	const offered = await packages.offered(cloud);
	for (const [suite, name] of Object.entries(releases)) {
		const newest = cloud.map(each => offered.find(row => row.name === each && releaseOf(row.suite) === suite));
		if (newest.every(row => row !== undefined)) {
			return {suite, name, packages: [...machine, ...newest.map(row => `${row!.name}=${row!.version}`)]};
		}
	}

	const suites = Object.keys(releases).join(', ');
	throw new ArtifactError(`The packaged cloud is made from ${suites}; no suite that is configured has its packages.`, {
		remedy: `Add ${suites} to packages.suites.`,
	});
}
