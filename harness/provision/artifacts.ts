/** Builds what cells are made from. Each artifact is built once per run, for all cells that need it. */
import pLimit from 'p-limit';
import {buildCloud} from '../artifacts/clouds/cloud-artifact.ts';
import type {Builder} from '../artifacts/engines/builder.ts';
import {buildEngine} from '../artifacts/engines/engine-artifact.ts';
import {buildEngineTree} from '../artifacts/engines/engine-tree.ts';
import {buildHelperTree} from '../artifacts/engines/helper-tree.ts';
import {buildKernel, type KernelArtifact} from '../artifacts/kernels/kernel-artifact.ts';
import type {Packages} from '../artifacts/packages/packages.ts';
import {kinds} from '../devstack/index.ts';
import {type Proof, proveAccelerator} from '../hypervisor/accelerator.ts';
import {type Cell, type NodeSpec, stackOf} from '../model/index.ts';
import type {ArtifactBuilder, CellArtifacts, HelperTrees, Provider} from '../providers/provider.ts';
import type {Report} from '../store/report.ts';

export interface ArtifactSource {
	/** Returns what each node of the cell is made from. Throws ArtifactError. */
	forCell(cell: Cell, provider: Provider): Promise<CellArtifacts>;
	/** Returns what the helper containers of the cell are made from. Throws ArtifactError. */
	forHelpers(cell: Cell): Promise<HelperTrees>;
	/** Waits until no build runs: builders whose processes were ended still remove their unfinished files. */
	untilIdle(): Promise<void>;
}

/** The CPU and the mirror limit builds, so more of them at once would only make each slower. */
const concurrentBuilds = 2;

/** @param onProof receives the accelerator that was proven with the first kernel */
export function createArtifactSource(
	packages: Packages,
	report: Report,
	onProof: (proof: Proof) => void = () => {},
): ArtifactSource {
	const line = pLimit(concurrentBuilds);
	const made = new Map<string, Promise<unknown>>();
	const once = async <T>(key: string, make: () => Promise<T>): Promise<T> => {
		if (!made.has(key)) {
			made.set(key, line(make));
		}

		return made.get(key) as Promise<T>;
	};

	const builderOn = async (kernel: KernelArtifact): Promise<Builder> => {
		const {accelerator} = await once('accelerator', async () => {
			const proof = await proveAccelerator(kernel);
			onProof(proof);
			return proof;
		});
		return {kernel, accelerator};
	};

	const builderFor = (cell: Cell, node: NodeSpec): ArtifactBuilder => {
		const kernel = async () =>
			once(`kernel ${node.kernel.label}`, async () => buildKernel(node.kernel, packages, report));
		const stack = stackOf(cell);
		return {
			kernel,
			async disk() {
				const builder = await builderOn(await kernel());
				if (stack && kinds[stack.kind].disk === 'cloud') {
					const {disk, release} = await once('cloud', async () => buildCloud(packages, report));
					return {engine: {disk, version: release}, without: 'docker'};
				}

				const engine = await once(`engine ${node.engine.label}`, async () =>
					buildEngine(node.engine, packages, builder, report),
				);
				return {engine};
			},
			tree: async () => once(`tree ${node.engine.label}`, async () => buildEngineTree(node.engine, packages, report)),
			async own(name, make) {
				const builder = await builderOn(await kernel());
				return once(`${cell.provider} ${name}`, async () => make({packages, builder, report}));
			},
		};
	};

	return {
		async forCell(cell, provider) {
			const artifactsOf = async (node: NodeSpec) => provider.artifacts(node, builderFor(cell, node));
			const made = cell.nodes.map(async node => {
				const upgrades = (cell.upgrade ?? []).map(
					async engine => [engine.label, (await artifactsOf({...node, engine})).engine] as const,
				);
				const [own, ...others] = await Promise.all([artifactsOf(node), ...upgrades]);
				return [node.name, {...own, ...(others.length > 0 && {upgrades: Object.fromEntries(others)})}] as const;
			});
			return Object.fromEntries(await Promise.all(made));
		},
		async forHelpers({services = []}) {
			const trees = services.map(async ({name, from}) => {
				if (from.type === 'image') {
					return [];
				}

				const {key, file} = await once(`helper ${name}`, async () => buildHelperTree(from, packages, report));
				return [[name, {name: key, disk: file}] as const];
			});
			return Object.fromEntries((await Promise.all(trees)).flat());
		},
		async untilIdle() {
			await Promise.allSettled(made.values());
		},
	};
}
