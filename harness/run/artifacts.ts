/** The artifacts of a run: each kernel and each engine is made (or taken from the cache) once, when first asked for. */
import pLimit from 'p-limit';
import {kinds} from '../devstack/index.ts';
import {buildCloud} from '../images/cloud-artifact.ts';
import {buildEngine} from '../images/engine-artifact.ts';
import {buildKernel, type KernelArtifact} from '../images/kernel-artifact.ts';
import type {PackageSettings} from '../images/settings.ts';
import type {Cell} from '../model.ts';
import type {CellArtifacts} from '../providers/provider.ts';
import {proveAccelerator} from '../providers/qemu/accelerator.ts';
import {bootOnce} from '../providers/qemu/once.ts';
import type {NewEvent} from '../record/record.ts';

export interface ArtifactShelf {
	/** Throws ArtifactError. */
	of(cell: Cell): Promise<CellArtifacts>;
	/** When nothing is being made any more: builders whose processes were ended still remove what they had begun. */
	settled(): Promise<void>;
}

/** Building is bound by CPU and by the mirror: more at once would only make each slower. */
const atOnce = 2;

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
			if (cell.stack && kinds[cell.stack.kind].disk === 'cloud') {
				const {disk, release} = await once('cloud', async () => buildCloud(settings, tell));
				return {kernel, engine: {disk, version: release}, without: 'docker'};
			}

			const engine = await once(`engine ${cell.engine.label}`, async () => {
				return buildEngine(
					cell.engine,
					settings,
					{kernel, bootOnce: async request => bootOnce({...request, accelerator})},
					tell,
				);
			});
			return {kernel, engine};
		},
		async settled() {
			await Promise.allSettled(made.values());
		},
	};
}
