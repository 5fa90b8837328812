/** Facts about this host. Every result must be read with them. */
import fs from 'node:fs';
import os from 'node:os';
import {provenAccelerator} from '../hypervisor/accelerator.ts';
import type {Cell, HostFacts} from '../model/index.ts';
import {packageVersion} from '../package.ts';
import type {Providers} from '../providers/providers.ts';

/** Returns the facts for a run of these cells. */
export async function hostFacts(cells: readonly Cell[], providers: Providers): Promise<HostFacts> {
	const proof = await provenAccelerator();
	const used = [...new Set(cells.map(({provider}) => provider))];
	const facts = await Promise.all(used.map(async name => providers[name]?.facts?.()));
	const release = fs.readFileSync('/etc/os-release', 'utf8');
	return {
		hostname: os.hostname(),
		os: /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? os.type(),
		kernel: os.release(),
		cpus: os.availableParallelism(),
		memory: Math.round(os.totalmem() / 2 ** 20),
		facts: Object.assign({}, ...facts) as HostFacts['facts'],
		accelerator: proof?.accelerator ?? 'tcg',
		acceleratorReason: proof?.reason ?? 'not proven yet: the first kernel of the run is to be booted with it',
		swarmlab: packageVersion(),
	};
}
