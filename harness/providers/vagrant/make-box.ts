/** Builds a box without a run, for `swarmlab box build`. */
import {insecureKey} from '../../../vagrant/insecure-key.ts';
import {buildKernel} from '../../artifacts/kernels/kernel-artifact.ts';
import type {Packages} from '../../artifacts/packages/packages.ts';
import {proveAccelerator} from '../../hypervisor/accelerator.ts';
import type {NodeSpec} from '../../model/index.ts';
import type {Report} from '../../store/report.ts';
import {type BoxArtifact, buildBox} from './box.ts';

/** Builds the box of an engine. The kernel only serves to build it. Throws ArtifactError. */
export async function makeBox(
	{kernel, engine}: Pick<NodeSpec, 'kernel' | 'engine'>,
	packages: Packages,
	report: Report,
): Promise<BoxArtifact> {
	const publicKey = insecureKey();
	const booted = await buildKernel(kernel, packages, report);
	const {accelerator} = await proveAccelerator(booted);
	return buildBox(engine, packages, {kernel: booted, accelerator}, publicKey, report);
}
