/** A machine that works on a disk and powers itself off. It is the last step of building an engine or a box. */
import {readFileSync} from 'node:fs';
import {ArtifactError} from '../../errors.ts';
import {commonKernelArgs, emulationKernelArgs} from '../../guest/command-line.ts';
import {bootOnce} from '../../hypervisor/once.ts';
import type {Accelerator} from '../../hypervisor/qemu.ts';
import {limits} from '../../limits.ts';
import type {KernelArtifact} from '../kernels/kernel-artifact.ts';

/** The machine that builds: its kernel, and its accelerator. */
export interface Builder {
	kernel: KernelArtifact;
	accelerator: Accelerator;
}

export interface BuilderTask {
	/** Name of the machine in errors. */
	name: string;
	/** The disk that the machine works on; absolute path. */
	disk: string;
	/** The service images. */
	archive: string;
	console: string;
	/** More words for the kernel's command line: the task, in the words of the initrd. */
	kernelArgs: string;
	/** Text that the console shows after success. */
	successMarker: string;
	/** Beginning of the error's message: what failed. */
	failed: string;
	remedy?: string;
}

/** With any accelerator (with KVM not run here). */
const commandLine = ['console=ttyS0', 'quiet', ...commonKernelArgs, ...emulationKernelArgs].join(' ');

/**
 * Boots the machine once and waits for its end. Success needs `successMarker` on the console, because QEMU also ends
 * without an error when the guest panics.
 * @throws ArtifactError with the end of its console
 */
export async function runBuilderVm({kernel, accelerator}: Builder, task: BuilderTask): Promise<void> {
	const {name, disk, archive, console, kernelArgs, successMarker, failed, remedy} = task;
	const failure = (cause?: unknown) =>
		new ArtifactError(`${failed} on kernel ${kernel.release}. Its console said:\n${lastLines(console)}`, {
			cause,
			remedy,
		});
	try {
		await bootOnce({
			name,
			accelerator,
			kernel: kernel.vmlinuz,
			initrd: kernel.initrd,
			append: `${commandLine} ${kernelArgs}`,
			disks: [{file: disk}, {file: kernel.modulesImage, readonly: true}, {file: archive, readonly: true}],
			memoryMib: 1024,
			cpus: 2,
			console,
			timeout: limits.builderVm,
		});
	} catch (error) {
		throw failure(error);
	}

	if (!readFileSync(console, 'utf8').includes(successMarker)) {
		throw failure();
	}
}

function lastLines(console: string): string {
	try {
		return readFileSync(console, 'utf8').replaceAll('\r', '').trim().split('\n').slice(-30).join('\n');
	} catch {
		return '(nothing)';
	}
}
