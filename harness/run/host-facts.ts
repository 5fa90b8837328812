/** What this host is: every result is to be read against it. */
import fs from 'node:fs';
import os from 'node:os';
import {provenAccelerator, qemuVersion} from '../hypervisor/accelerator.ts';
import type {HostFacts} from '../model/index.ts';
import {packageVersion} from '../package.ts';

export async function hostFacts(): Promise<HostFacts> {
	const proof = await provenAccelerator();
	const release = fs.readFileSync('/etc/os-release', 'utf8');
	return {
		hostname: os.hostname(),
		os: /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? os.type(),
		kernel: os.release(),
		cpus: os.availableParallelism(),
		memory: Math.round(os.totalmem() / 2 ** 20),
		qemu: await qemuVersion(),
		accelerator: proof?.accelerator ?? 'tcg',
		acceleratorReason: proof?.reason ?? 'not proven yet: the first kernel of the run is to be booted with it',
		swarmlab: packageVersion(),
	};
}
