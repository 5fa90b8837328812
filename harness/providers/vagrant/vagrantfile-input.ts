/** The input of the Vagrantfile for a swarm: plain data. Pure. */
import {commonKernelArgs, emulatedClock, emulationKernelArgs} from '../../guest/command-line.ts';
import type {NodeSpec} from '../../model/index.ts';
import type {Subnets} from './subnets.ts';

/** Content of the file that SWARMLAB_LAB names. The Vagrantfile has no other input. */
export interface VagrantfileInput {
	/** Whether Vagrant replaces its well-known key by one of its own. */
	insert_key: boolean;
	machines: Described[];
	/** Options of the LAN's network. */
	lan: Record<string, unknown>;
	/** Settings of vagrant-libvirt for all machines, by their names. */
	libvirt: Record<string, unknown>;
	cpu_features: string[];
	provision: Step[];
}

/** Properties of one machine. */
interface Described {
	name: string;
	address: string;
	console: string;
	box: string;
	memory: number;
	cpus: number;
	/** Settings of vagrant-libvirt for this machine: the kernel that it boots. */
	libvirt: Record<string, unknown>;
	/** Disks in addition to that of the box. */
	volumes: Record<string, unknown>[];
}

interface Step {
	name: string;
	/** Name of a script in vagrant/. */
	script?: string;
	inline?: string;
	args: string[];
	reboot?: boolean;
}

/** A kernel that libvirt boots directly: files in libvirt's pool. */
export interface DirectBoot {
	kernel: string;
	initrd: string;
	/** Name of the volume with its modules. */
	modules: string;
}

export interface VagrantfileRequest {
	machines: LabMachine[];
	prefix: string;
	subnets: Subnets;
	accelerator: 'kvm' | 'tcg';
	/** Base64 part of the ssh key that may log in as root. */
	publicKey: string;
}

export interface LabMachine {
	node: Pick<NodeSpec, 'name' | 'memory' | 'cpus'>;
	/** File on this host. */
	console: string;
	box: string;
	boot: DirectBoot;
	/** The engine supports only version 1 of control groups. */
	oldCgroups: boolean;
}

export function vagrantfileInput(request: VagrantfileRequest): VagrantfileInput {
	const {machines, prefix, subnets, accelerator, publicKey} = request;
	return {
		insert_key: false,
		machines: machines.map(({node: {name, memory, cpus}, console, box, boot, oldCgroups}, index) => ({
			name,
			// The first addresses are for the host and for anything else that a provider puts there.
			address: `${subnets.lan}.${index + 11}`,
			console,
			box,
			memory,
			cpus,
			libvirt: {kernel: boot.kernel, initrd: boot.initrd, cmd_line: commandLine(accelerator, oldCgroups)},
			volumes: [
				{
					path: boot.modules,
					type: 'raw',
					bus: 'virtio',
					device: 'vdb',
					allow_existing: true,
					shareable: true,
					cache: 'none',
				},
			],
		})),
		lan: {
			libvirt__network_name: `${prefix}lan`,
			libvirt__forward_mode: 'none',
			libvirt__dhcp_enabled: false,
			libvirt__host_ip: `${subnets.lan}.254`,
		},
		libvirt: {
			...(accelerator === 'kvm' ? {driver: 'kvm', cpu_mode: 'host-passthrough'} : emulatedCpu),
			default_prefix: prefix,
			management_network_name: `${prefix}control`,
			management_network_address: `${subnets.control}.0/24`,
			// This host reaches the machines, but the machines reach nothing outside.
			management_network_mode: 'none',
			// Machines are disposable, so the disks need not survive a crash of the host.
			disk_driver_opts: {cache: 'unsafe', discard: 'unmap'},
		},
		cpu_features: accelerator === 'kvm' ? [] : ['ssse3', 'sse4.1', 'sse4.2', 'popcnt', 'rdrand'],
		provision: [{name: 'key', inline: authorizeKey, args: [`ssh-ed25519 ${publicKey}`]}],
	};
}

const emulatedCpu = {driver: 'qemu', cpu_mode: 'custom', cpu_model: 'qemu64'};

/** Lets root log in, because swarmlab runs its commands as root on every machine. */
const authorizeKey = `mkdir -p -m 700 /root/.ssh
grep -qxF "$1" /root/.ssh/authorized_keys 2> /dev/null || echo "$1" >> /root/.ssh/authorized_keys`;

function commandLine(accelerator: VagrantfileRequest['accelerator'], oldCgroups: boolean): string {
	return [
		'console=ttyS0',
		...commonKernelArgs,
		...(accelerator === 'tcg' ? [...emulatedClock, ...emulationKernelArgs] : []),
		...(oldCgroups ? ['systemd.unified_cgroup_hierarchy=0', 'systemd.legacy_systemd_cgroup_controller=1'] : []),
		'swarmlab.root=/dev/vda1',
		'swarmlab.start=/lib/systemd/systemd',
	].join(' ');
}
