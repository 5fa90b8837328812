/** QEMU's command line for one machine. Pure, so the test compares it with a snapshot of the text. */
import path from 'node:path';
import {kernelArgsOf} from '../../guest/command-line.ts';
import {type Accelerator, acceleration, disk, escapeCommas} from '../../hypervisor/qemu.ts';
import {lanSocket, type Station} from '../../network/lan.ts';

/** All that is needed to start one machine. */
export interface MachineParts {
	station: Station;
	accelerator: Accelerator;
	/** Start it without the settings that only make it quick. */
	plain?: boolean;
	/** MiB. */
	memoryMib: number;
	cpus: number;
	vmlinuz: string;
	initrd: string;
	/** Read-only image that is mounted at /lib/modules/RELEASE. */
	modulesImage: string;
	/** Backing image of the machine's own disk. */
	rootDisk: string;
	/** Words at the end of the kernel's command line: those of the machine's variant. */
	kernelArgs?: readonly string[];
	/** The disk has no engine: see NodeArtifacts. */
	without?: 'docker';
	/** The machine's own copy-on-write disk (qcow2). */
	disk: string;
	console: string;
	/** Folder of the sockets; its path is short. */
	runtime: string;
	/** Base64 part of the ssh public key that may log in. */
	publicKey: string;
	/** File with the guest's memory. Undefined: memory is private to QEMU. */
	memoryFile?: {
		path: string;
		/** Whether QEMU writes changes to the file; otherwise they stay private to QEMU (copy on write). */
		keep: boolean;
	};
	/** QEMU waits for the state of a saved machine, instead of booting. */
	incoming?: boolean;
}

/** Guest side of the control network. Its range does not overlap those of Docker or of the swarm's pool. */
export const controlNetwork = {network: '192.168.76.0/24', guest: '192.168.76.15', ssh: 22, docker: 2375} as const;

export function qmpSocket(runtime: string, name: string): string {
	return path.join(runtime, `qmp-${name}.sock`);
}

/** Socket of the guest agent's port. */
export function agentSocket(runtime: string, name: string): string {
	return path.join(runtime, `agent-${name}.sock`);
}

/** Socket of the port by which a restored machine receives its identity. */
export function identitySocket(runtime: string, name: string): string {
	return path.join(runtime, `identity-${name}.sock`);
}

/** Returns the arguments of `qemu-system-x86_64`. A saved machine can only be restored with the arguments of its boot. */
export function qemuArguments(parts: MachineParts): string[] {
	const {station, runtime} = parts;
	return [
		['-name', `swarmlab-${station.name}`],
		['-M', 'pc,memory-backend=ram'],
		['-object', memory(parts)],
		...acceleration(parts.accelerator),
		['-smp', String(parts.cpus)],
		['-m', String(parts.memoryMib)],
		['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
		// append=on: a restored machine continues the console file of its boot.
		['-chardev', `file,id=console,path=${escapeCommas(parts.console)},append=on`, '-serial', 'chardev:console'],
		['-qmp', `unix:${qmpSocket(runtime, station.name)},server=on,wait=off`],
		['-kernel', parts.vmlinuz],
		['-initrd', parts.initrd],
		['-append', kernelCommandLine(parts)],
		...disk('root', parts.disk, 'format=qcow2,cache=unsafe,discard=unmap,detect-zeroes=unmap'),
		...disk('modules', parts.modulesImage, 'format=raw,readonly=on'),
		['-device', 'virtio-rng-pci'],
		['-device', 'virtio-serial-pci'],
		['-chardev', `socket,id=agent,path=${agentSocket(runtime, station.name)},server=on,wait=off`],
		['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
		['-chardev', `socket,id=identity,path=${identitySocket(runtime, station.name)},server=on,wait=off`],
		['-device', 'virtserialport,chardev=identity,name=swarmlab.identity'],
		// The control network: forwards to ssh and Docker in the guest; no traffic out (restrict=on). Port 0: QEMU picks one.
		['-netdev', `user,id=control,net=${controlNetwork.network},restrict=on,${forwards}`],
		['-device', 'virtio-net-pci,netdev=control,romfile='],
		['-netdev', `stream,id=lan,server=off,addr.type=unix,addr.path=${lanSocket(runtime, station.name)}`],
		['-device', `virtio-net-pci,netdev=lan,mac=${station.mac},romfile=`],
		parts.incoming ? ['-incoming', 'defer', '-S'] : [],
	].flat();
}

const forwards = [controlNetwork.ssh, controlNetwork.docker]
	.map(port => `hostfwd=tcp:127.0.0.1:0-${controlNetwork.guest}:${port}`)
	.join(',');

/** Returns the memory backend. Both kinds have the same id, because a state names its memory ("Unknown ramblock" otherwise). */
function memory({memoryMib: size, memoryFile}: MachineParts): string {
	return memoryFile
		? `memory-backend-file,id=ram,size=${size}M,mem-path=${escapeCommas(memoryFile.path)},share=${memoryFile.keep ? 'on' : 'off'}`
		: `memory-backend-ram,id=ram,size=${size}M`;
}

function kernelCommandLine({station, publicKey, accelerator, plain = false, kernelArgs = []}: MachineParts): string {
	return [
		'console=ttyS0',
		...kernelArgsOf({accelerator, plain}),
		`swarmlab.name=${station.name}`,
		...(station.address ? [`swarmlab.lan=${station.address}/24`] : []),
		`swarmlab.key=${publicKey}`,
		...kernelArgs,
	].join(' ');
}
