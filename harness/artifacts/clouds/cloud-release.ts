/** Which release of OpenStack a suite has, and what of it a machine is made of. */
import {ArtifactError} from '../../errors.ts';
import type {Packages} from '../packages/packages.ts';
import {releaseOf} from '../packages/suites.ts';

/** Suites whose packages were seen to make a cloud with our scripts, and OpenStack's name for what they have. */
const releases: Record<string, string> = {
	bookworm: 'zed',
};

/** The machine itself, and what shows evidence; ours and DevStack's scripts look for `lsb_release`. */
const machine = [
	...['busybox-static', 'kmod', 'openssh-server', 'procps', 'util-linux', 'mount', 'e2fsprogs', 'ca-certificates'],
	...['iproute2', 'iptables', 'nftables', 'iputils-ping', 'tcpdump', 'curl', 'socat', 'qemu-guest-agent'],
	...['sudo', 'lsb-release'],
];

/** Services that are started by our scripts, not by init: so the packages that hold the programs are enough. */
const cloud = [
	...['keystone', 'glance-api', 'placement-api', 'nova-common', 'mariadb-server'],
	...['neutron-common', 'neutron-linuxbridge-agent', 'neutron-dhcp-agent'],
	...['python3-openstackclient', 'python3-novaclient'],
];

export interface CloudRelease {
	suite: string;
	/** `zed` */
	name: string;
	/** As apt takes them, those of OpenStack in the version that the suite offers now. */
	packages: string[];
}

/** Throws ArtifactError when no suite that is configured has a cloud that our scripts know. */
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
