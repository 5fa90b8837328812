/** A box by itself, as `swarmlab box build` makes it. */
import {insecureKey} from '../../../vagrant/insecure-key.ts';
import {buildKernel} from '../../artifacts/kernels/kernel-artifact.ts';
import type {PackageSettings} from '../../artifacts/packages/settings.ts';
import {proveAccelerator} from '../../hypervisor/accelerator.ts';
import type {NodeSpec} from '../../model/index.ts';
import type {Report} from '../../store/report.ts';
import {type BoxArtifact, buildBox} from './box.ts';

/** The kernel only serves to build it. Throws ArtifactError. */
export async function makeBox(
	{kernel, engine}: Pick<NodeSpec, 'kernel' | 'engine'>,
	settings: PackageSettings,
	report: Report,
): Promise<BoxArtifact> {
	const publicKey = insecureKey();
	const booted = await buildKernel(kernel, settings, report);
	const {accelerator} = await proveAccelerator(booted);
	return buildBox(engine, settings, {kernel: booted, accelerator}, publicKey, report);
}
