/** Facts about this host. Every result must be read with them. */
import fs from 'node:fs';
import os from 'node:os';
import {provenAccelerator} from '../hypervisor/accelerator.ts';
import type {Cell, HostFacts} from '../model/index.ts';
import {packageVersion} from '../package.ts';
import {onHostKernel} from '../providers/names.ts';
import type {Providers} from '../providers/providers.ts';

/** Returns the facts for a run of these cells. */
export async function hostFacts(cells: readonly Cell[], providers: Providers): Promise<HostFacts> {
	const used = [...new Set(cells.map(({provider}) => provider))];
	const accelerator = used.every(name => onHostKernel.includes(name)) ? none : await accelerated();
	const facts = await Promise.all(used.map(async name => providers[name]?.facts?.()));
	const release = fs.readFileSync('/etc/os-release', 'utf8');
	return {
		hostname: os.hostname(),
		os: /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? os.type(),
		kernel: os.release(),
		cpus: os.availableParallelism(),
		memory: Math.round(os.totalmem() / 2 ** 20),
		facts: Object.assign({}, ...facts) as HostFacts['facts'],
		...accelerator,
		swarmlab: packageVersion(),
	};
}

type Accelerator = Pick<HostFacts, 'accelerator' | 'acceleratorReason'>;

/** QEMU is not asked, as it need not be installed. */
const none: Accelerator = {accelerator: 'none', acceleratorReason: 'no machine boots a kernel: nodes are containers'};

async function accelerated(): Promise<Accelerator> {
	const proof = await provenAccelerator();
	return {
		accelerator: proof?.accelerator ?? 'tcg',
		acceleratorReason: proof?.reason ?? 'not proven yet: the first kernel of the run is to be booted with it',
	};
}

/**
 * Returns the cells with the release of the kernel that nodes without a kernel of their own run on. It stays unknown if the
 * provider cannot tell.
 */
export async function withHostKernels(cells: readonly Cell[], providers: Providers): Promise<Cell[]> {
	const releases = new Map<string, Promise<string | undefined> | undefined>();
	const releaseOf = async (provider: string) => {
		if (!releases.has(provider)) {
			releases.set(
				provider,
				providers[provider]?.hostKernel?.().catch(() => undefined),
			);
		}

		return releases.get(provider);
	};

	return Promise.all(
		cells.map(async cell => {
			const release = await releaseOf(cell.provider);
			const isOfHost = ({kernel}: Cell['nodes'][number]) => kernel.source.type === 'host';
			return release === undefined
				? cell
				: {
						...cell,
						nodes: cell.nodes.map(node => (isOfHost(node) ? {...node, kernel: {...node.kernel, release}} : node)),
					};
		}),
	);
}
