/** What a saved machine depends on, in addition to its kernel and engine. */
import fs from 'node:fs';
import {proveAccelerator, qemuVersion} from '../../hypervisor/accelerator.ts';
import type {Cell, NodeSpec} from '../../model/index.ts';
import {templateStation} from '../../network/lan.ts';
import {bootFilesOf, type NodeArtifacts} from '../provider.ts';
import {qemuArguments} from './arguments.ts';

/**
 * Returns the version of QEMU, its arguments and, under KVM, the CPU of the host. A state is only used with the same values.
 * QEMU promises migration between versions, but an error there would show as a guest that misbehaves later.
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
