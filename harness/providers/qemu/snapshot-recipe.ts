/** What a frozen machine is tied to, beside the kernel and the engine in it. */
import fs from 'node:fs';
import {proveAccelerator, qemuVersion} from '../../hypervisor/accelerator.ts';
import type {Cell, NodeSpec} from '../../model/index.ts';
import {templateStation} from '../../network/lan.ts';
import {bootFilesOf, type NodeArtifacts} from '../provider.ts';
import {qemuArguments} from './arguments.ts';

/**
 * A state only fits the QEMU and the machine that it was taken from (migration is promised between versions, but a wrong
 * guess would be a guest that misbehaves later), and under KVM the CPU of the host that the guest has seen.
 */
export async function snapshotRecipe(
	{memory: memoryMib, cpus}: Pick<NodeSpec, 'memory' | 'cpus'>,
	artifacts: Pick<NodeArtifacts, 'kernel'>,
	{plain}: Pick<Cell, 'plain'>,
): Promise<Record<string, unknown>> {
	const {accelerator} = await proveAccelerator(bootFilesOf(artifacts));
	// Files and sockets differ from machine to machine; what the guest sees of them does not.
	const files = {
		vmlinuz: '',
		initrd: '',
		modulesImage: '',
		rootDisk: '',
		disk: '',
		console: '',
		runtime: '',
		publicKey: '',
	};
	return {
		qemu: await qemuVersion(),
		line: qemuArguments({station: templateStation, accelerator, plain: plain ?? false, memoryMib, cpus, ...files}),
		...(accelerator === 'kvm' && {cpu: hostCpu()}),
	};
}

function hostCpu(): string {
	const text = fs.readFileSync('/proc/cpuinfo', 'utf8');
	return ['model name', 'microcode', 'flags']
		.map(key => new RegExp(`^${key}\\s*: (.*)$`, 'm').exec(text)?.[1])
		.join('; ');
}
