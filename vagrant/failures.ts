/** What Vagrant's known failures mean, and what to do: one row each. Pure. */

interface Row {
	/** Matches Vagrant's words, or the class of its error. */
	pattern: RegExp;
	/** One sentence. `$1` … stand for what the groups of `pattern` matched. */
	means: string;
	remedy: string;
	/** This host lacks something. Otherwise the failure concerns only this call. */
	host?: boolean;
}

/** The first row that matches counts. */
const rows: Row[] = [
	{
		pattern: /provider '([\w-]+)' could not be found/i,
		means: "Vagrant has no provider '$1'",
		remedy: "libvirt's comes with the package vagrant-libvirt (or: vagrant plugin install vagrant-libvirt)",
		host: true,
	},
	{
		pattern: /ProviderNotUsable|(?:virtualbox|VBoxManage).*(?:not (?:be )?(?:found|detected)|isn't installed)/i,
		means: 'The program that the provider drives is not installed',
		remedy: 'Install VirtualBox, or choose another provider: VAGRANT_DEFAULT_PROVIDER=libvirt',
		host: true,
	},
	{
		pattern: /Failed to connect socket to|Call to virConnectOpen failed|FogLibvirtConnectionError/i,
		means: 'libvirtd does not answer',
		remedy:
			'systemctl start libvirtd; without systemd: virtlogd -d && libvirtd -d. A plain user must be in the group libvirt',
		host: true,
	},
	{
		pattern: /429|Too Many Requests|rate limit/i,
		means: "The server of boxes refuses: too many requests from this host's address",
		remedy: 'Wait an hour, or use a box of your own: swarmlab box build, or vagrant box add FILE --name NAME',
	},
	{
		pattern: /BoxAddNameMismatch|BoxNotFound|box '([^']+)' could not be found|doesn't support the provider/i,
		means: 'The box is not to be had for this provider',
		remedy:
			'vagrant box list shows those that are here; swarmlab box build makes one; vagrant/boxes.json names those that are tried',
	},
	{
		pattern:
			/BoxUnpackageFailure|failed to unpackage|box file.*(?:corrupt|damaged)|BoxMetadataCorrupted|checksum of the (?:downloaded )?box/i,
		means: 'The file of the box is damaged',
		remedy: 'Fetch or build it again: swarmlab box build --add',
	},
	{
		pattern: /VT-x is (?:not available|disabled)|VERR_VMX|AMD-V is (?:not available|disabled)|VERR_SVM/i,
		means: "This host's processor offers no virtualisation",
		remedy:
			'Switch VT-x or AMD-V on in its firmware; within a virtual machine allow nesting, or use libvirt with emulation: SWARMLAB_ACCELERATOR=tcg',
		host: true,
	},
	{
		pattern: /IP address configured for the host-only network is not within the\s+allowed ranges/i,
		means: 'VirtualBox lets host-only networks have 192.168.56.0/21 only',
		remedy: 'Allow the range in /etc/vbox/networks.conf: * 10.0.0.0/8 192.168.0.0/16',
		host: true,
	},
	{
		pattern:
			/failed to initialize kvm|Could not access KVM kernel module|domain type kvm is not supported|virt type 'kvm'/i,
		means: 'KVM does not work on this host',
		remedy: 'Emulation does: SWARMLAB_ACCELERATOR=tcg',
		host: true,
	},
	{
		pattern:
			/Network is already in use by interface (\S+)|error creating network interface|CreateNetworkError|NetworkNameAndAddressMismatch/i,
		means: 'A network of the lab has the address range of another one',
		remedy: 'virsh net-list --all and ip address show which; swarmlab gc removes those of dead runs',
	},
	{
		pattern:
			/storage pool (?:not found|.* is not active)|no storage pool with matching name|NoStoragePool|pool '?([\w-]+)'? (?:already exists|has asynchronous)/i,
		means: "libvirt's storage pool cannot be used",
		remedy: 'virsh pool-list --all; virsh pool-start default',
	},
	{
		pattern:
			/domain about to create is already taken|DomainNameExists|name '?(\S+?)'? (?:is )?already (?:taken|exists)|DomainVolumeExists|volume .* already exists/i,
		means: 'A machine of that name is there already: what a lost machine folder leaves behind',
		remedy: 'swarmlab gc; by hand: virsh list --all, virsh undefine NAME --remove-all-storage',
	},
	{
		pattern: /because it is locked|machine-index/i,
		means: 'Another Vagrant works on the same machines',
		remedy: 'Wait until it has ended; two labs by hand need a VAGRANT_DOTFILE_PATH each',
	},
	{
		pattern: /No space left|not enough (?:free )?space|ENOSPC/i,
		means: 'A disk of this host is full',
		remedy: 'Make room where the pool (virsh pool-dumpxml default) and VAGRANT_HOME lie',
	},
	{
		pattern:
			/Timed out while waiting for the machine to boot|VMBootTimeout|waiting for domain to get an IP|Fog::Errors::TimeoutError/i,
		means: 'The machine did not come up in time',
		remedy: 'Read its console; on a slow host allow more time',
	},
	{
		pattern: /Authentication failure|SSHAuthenticationFailed|SSHKeyType/i,
		means: "The machine does not let Vagrant's key in",
		remedy:
			'The box must have the user vagrant with the insecure public key of Vagrant, or the key that it was packed with',
	},
	{
		pattern: /(kernel|engine)\.sh: (.+)/,
		means: '$1.sh: $2',
		remedy: 'Its own words are above; it may be run again by hand in the machine: vagrant ssh, sudo $1.sh …',
	},
];

export interface Meaning {
	message: string;
	remedy: string;
	host: boolean;
}

/** Returns what a failure means, or undefined for an unknown failure. */
export function meaningOf(text: string): Meaning | undefined {
	for (const {pattern, means, remedy, host = false} of rows) {
		const found = pattern.exec(text);
		if (found) {
			const filled = (template: string) =>
				template.replaceAll(/\$(\d)/g, (_, index: string) => found[Number(index)] ?? '');
			return {message: filled(means), remedy: filled(remedy), host};
		}
	}

	return undefined;
}
