/** Looks at the Docker host, and checks whether it can have nodes. */
import fs from 'node:fs';
import os from 'node:os';
import type Docker from 'dockerode';
import {execa} from 'execa';
import {HarnessError} from '../../errors.ts';
import type {Check} from '../../host/check.ts';
import type {HostNeeds} from '../../host/needs.ts';
import {limits} from '../../limits.ts';
import {openDaemon} from '../../machine/daemon.ts';
import type {DaemonAddress} from '../../model/index.ts';
import {featuresOf, isSeen, lackingOf, lookAround, lookForSymbols, partsOf} from '../../swarm/features.ts';
import {checksOf, type DaemonFacts} from './daemon-checks.ts';
import {infoOf} from './daemon-info.ts';
import {dockerHost} from './docker-host.ts';
import {remedyOfNoAnswer} from './no-answer.ts';

export const containerNeeds: HostNeeds = {
	provider: 'container',
	tools: [],
	async look() {
		let address: DaemonAddress | undefined;
		try {
			address = dockerHost();
			return checksOf(await readDaemon(address, openDaemon(address, limits.dockerHostAnswer)));
		} catch (error) {
			return [unreachable(address, error as Error)];
		}
	},
};

async function readDaemon(address: DaemonAddress, docker: Docker): Promise<DaemonFacts> {
	const info = await infoOf(address, docker);
	const {ApiVersion} = await docker.version();
	const facts = {url: address.url, info, apiVersion: ApiVersion};
	// A socket of this host with another kernel behind it leads into a virtual machine.
	if (!address.url.startsWith('unix:') || info.KernelVersion !== os.release()) {
		return facts;
	}

	const freeMib = freeIn(info.DockerRootDir);
	return {...facts, lacks: await lookAtKernel(), ...(freeMib !== undefined && {freeMib})};
}

/** Undefined where the daemon has a file system of its own. */
function freeIn(folder = '/var/lib/docker'): number | undefined {
	try {
		const {bavail, bsize} = fs.statfsSync(folder);
		return Math.floor((bavail * bsize) / 2 ** 20);
	} catch {
		return undefined;
	}
}

/** Looks for what the preflight of each node looks for. Which packet filter a node uses is its engine's choice: both count. */
async function lookAtKernel(): Promise<NonNullable<DaemonFacts['lacks']>> {
	const everySwarm = featuresOf('20.10', '').filter(({filter}) => !filter);
	const someClaims = partsOf(['ip_vs']);
	const wanted = [...everySwarm, ...someClaims];
	const {stdout: seen} = await execa('sh', ['-c', lookAround(wanted)]);
	const missing = wanted.filter(feature => !isSeen(feature, seen));
	const symbols = missing.length === 0 ? '' : (await execa('sh', ['-c', lookForSymbols(missing)])).stdout;
	const lacking = lackingOf(missing, seen, symbols);
	const among = (features: typeof wanted) => features.map(({module}) => module).filter(name => lacking.includes(name));
	return {everySwarm: among(everySwarm), someClaims: among(someClaims)};
}

function unreachable(address: DaemonAddress | undefined, error: Error): Check {
	const why = error.message.split('\n')[0]!;
	// An error of ours says itself what is wrong, and with which address.
	const isOurs = error instanceof HarnessError;
	return {
		name: 'Docker host',
		state: 'missing',
		seen: address && !isOurs ? `no answer at ${address.url}: ${why}` : why,
		needed: 'nodes are its privileged containers',
		remedy: (isOurs ? error.remedy : undefined) ?? remedyOfNoAnswer(address?.url ?? '', error),
	};
}
