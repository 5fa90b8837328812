/** What must be there for nodes that are containers: a Docker host that answers. */
import type {Check} from '../../host/check.ts';
import type {HostNeeds} from '../../host/needs.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {dockerHost} from './docker-host.ts';

/** Seconds until a Docker host that says nothing counts as none. */
const patience = 20;

export const containerNeeds: HostNeeds = {
	provider: 'container',
	tools: [],
	async look() {
		const url = dockerHost();
		try {
			const info = (await openDaemon(url, patience).info()) as DaemonInfo;
			return checksOf(url, info);
		} catch (error) {
			return [unreachable(url, (error as Error).message)];
		}
	},
};

/** What is read of `docker info`. */
export interface DaemonInfo {
	ServerVersion: string;
	KernelVersion: string;
	SecurityOptions?: string[] | null;
	CgroupVersion?: string;
}

/** What a Docker host that answers must be. Pure. */
export function checksOf(url: string, {ServerVersion, KernelVersion, SecurityOptions}: DaemonInfo): Check[] {
	const options = SecurityOptions ?? [];
	const hindrance = options.some(each => each.includes('name=rootless'))
		? 'rootless'
		: options.some(each => each.includes('name=userns'))
			? 'with userns-remap'
			: undefined;
	return [
		{
			name: 'Docker host',
			state: hindrance ? 'missing' : 'ok',
			seen: `Docker ${ServerVersion}${hindrance ? ` ${hindrance}` : ''} on kernel ${KernelVersion}, at ${url}`,
			needed: 'nodes are its privileged containers',
			...(hindrance && {
				remedy: `Name another one by DOCKER_HOST: a node's engine does not work in a Docker ${hindrance}.`,
			}),
		},
	];
}

function unreachable(url: string, why: string): Check {
	const remedy = why.includes('EACCES')
		? `Be in the group that may use ${url}: sudo adduser $USER docker, and log in anew.`
		: 'Install Docker (sudo apt-get install docker.io) and start it, or name another host: DOCKER_HOST=tcp://…';
	return {
		name: 'Docker host',
		state: 'missing',
		seen: `no answer at ${url}: ${why.split('\n')[0]}`,
		needed: 'nodes are its privileged containers',
		remedy,
	};
}
