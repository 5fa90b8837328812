/** The artifacts of a run: each kernel and each engine is made (or taken from the cache) once, when first asked for. */
import pLimit from 'p-limit';
import {insecureKey} from '../../vagrant/insecure-key.ts';
import {buildCloud} from '../artifacts/clouds/cloud-artifact.ts';
import type {Builder} from '../artifacts/engines/builder.ts';
import {buildEngine} from '../artifacts/engines/engine-artifact.ts';
import {cgroupOf} from '../artifacts/engines/rootfs.ts';
import {buildKernel, type KernelArtifact} from '../artifacts/kernels/kernel-artifact.ts';
import type {PackageSettings} from '../artifacts/packages/settings.ts';
import {kinds} from '../devstack/index.ts';
import {proveAccelerator} from '../hypervisor/accelerator.ts';
import {bootOnce} from '../hypervisor/once.ts';
import type {Accelerator} from '../hypervisor/qemu.ts';
import type {Cell} from '../model/index.ts';
import type {CellArtifacts} from '../providers/provider.ts';
import {type BoxArtifact, buildBox} from '../providers/vagrant/box.ts';
import type {NewEvent} from '../record/record.ts';

export interface ArtifactShelf {
	/** Throws ArtifactError. */
	of(cell: Cell): Promise<CellArtifacts>;
	/** When nothing is being made any more: builders whose processes were ended still remove what they had begun. */
	settled(): Promise<void>;
}

/** Building is bound by CPU and by the mirror: more at once would only make each slower. */
const atOnce = 2;

/** A box by itself, as `swarmlab box build` makes it. The kernel only serves to build it. Throws ArtifactError. */
export async function makeBox(
	{kernel, engine}: Pick<Cell, 'kernel' | 'engine'>,
	settings: PackageSettings,
	tell: (event: NewEvent) => void,
): Promise<BoxArtifact> {
	const publicKey = insecureKey();
	const booted = await buildKernel(kernel, settings, tell);
	const {accelerator} = await proveAccelerator(booted);
	return buildBox(engine, settings, builder(booted, accelerator), publicKey, tell);
}

function builder(kernel: KernelArtifact, accelerator: Accelerator): Builder {
	return {kernel, bootOnce: async task => bootOnce({...task, accelerator})};
}

export function openShelf(settings: PackageSettings, tell: (event: NewEvent) => void): ArtifactShelf {
	const line = pLimit(atOnce);
	const made = new Map<string, Promise<unknown>>();
	const once = async <T>(key: string, make: () => Promise<T>): Promise<T> => {
		if (!made.has(key)) {
			made.set(key, line(make));
		}

		return made.get(key) as Promise<T>;
	};

	const proven = async (kernel: KernelArtifact) =>
		once('accelerator', async () => {
			const proof = await proveAccelerator(kernel);
			tell({event: 'accelerator', ...proof});
			return proof;
		});
	const kernelOf = async ({kernel}: Cell): Promise<KernelArtifact> =>
		once(`kernel ${kernel.label}`, async () => buildKernel(kernel, settings, tell));
	return {
		async of(cell) {
			const kernel = await kernelOf(cell);
			const {accelerator} = await proven(kernel);
			if (cell.provider === 'vagrant') {
				const publicKey = insecureKey();
				const box = await once(`box ${cell.engine.label}`, async () =>
					buildBox(cell.engine, settings, builder(kernel, accelerator), publicKey, tell),
				);
				return {kernel, engine: {disk: box.file, version: box.version, box: box.name, cgroup: cgroupOf(box.version)}};
			}

			if (cell.stack && kinds[cell.stack.kind].disk === 'cloud') {
				const {disk, release} = await once('cloud', async () => buildCloud(settings, tell));
				return {kernel, engine: {disk, version: release}, without: 'docker'};
			}

			const engine = await once(`engine ${cell.engine.label}`, async () =>
				buildEngine(cell.engine, settings, builder(kernel, accelerator), tell),
			);
			return {kernel, engine};
		},
		async settled() {
			await Promise.allSettled(made.values());
		},
	};
}
