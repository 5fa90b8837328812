/** Containers and networks by their labels, on every Docker host that this user's runs have been on. */
import fs from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import {openDaemon} from '../../machine/daemon.ts';
import type {Leftover} from '../provider.ts';
import {dockerHost, forgetDockerHost, knownDockerHosts} from './docker-host.ts';
import {belongsTo, owner, ownerLabel, swarmLabel} from './names.ts';

/** Seconds. Who clears up does not wait long for a Docker host that is gone. */
const patience = 20;

/** Everything of this user's runs, those under way included, on every Docker host that answers. Containers come first. */
export async function findContainers(): Promise<Leftover[]> {
	const known = knownDockerHosts();
	const hosts = [...new Set([...known, ...(known.length > 0 ? [dockerHost()] : [])])];
	const found = await Promise.all(
		hosts.map(async url =>
			findOn(url).catch(() => {
				forgetWhatIsGone(url);
				return [];
			}),
		),
	);
	const all = found.flat();
	return [...all.filter(isContainer), ...all.filter(each => !isContainer(each))];
}

/** Removes a swarm. Never throws: says what is left. */
export async function removeSwarm(url: string, swarm: string): Promise<string[]> {
	try {
		const found = await findOn(url, swarm);
		const left = await Promise.all(found.filter(isContainer).map(async each => each.remove()));
		for (const network of found.filter(each => !isContainer(each))) {
			left.push(await network.remove());
		}

		return left.flat();
	} catch (error) {
		return [`containers of ${swarm}: ${(error as Error).message}; swarmlab gc removes them when ${url} answers again`];
	}
}

const isContainer = ({kind}: Leftover) => kind === 'container';

/** Throws when the Docker host does not answer. */
async function findOn(url: string, swarm?: string): Promise<Leftover[]> {
	const docker = openDaemon(url, patience);
	const filters = {
		label: [`${ownerLabel}=${owner()}`, ...(swarm === undefined ? [] : [`${swarmLabel}=${swarm}`])],
	};
	const [containers, networks] = await Promise.all([
		docker.listContainers({all: true, filters}),
		docker.listNetworks({filters}),
	]);
	return [
		...containers.map(({Id, Names, Labels}) =>
			leftoverOf('container', Names[0]?.slice(1) ?? Id, Labels, async () => removeContainer(docker, Id)),
		),
		...networks.map(({Id, Name, Labels}) =>
			leftoverOf('network', Name, Labels ?? {}, async () => docker.getNetwork(Id).remove()),
		),
	];
}

/** A daemon that rests comes back, and its containers are there; one whose folder is gone was a test's. */
function forgetWhatIsGone(url: string): void {
	const socket = /^unix:\/\/(.+)$/.exec(url)?.[1];
	if (socket && !fs.existsSync(path.dirname(socket))) {
		forgetDockerHost(url);
	}
}

function leftoverOf(
	kind: string,
	name: string,
	labels: Record<string, string>,
	remove: () => Promise<unknown>,
): Leftover {
	return {
		kind,
		name,
		isOf: lease => belongsTo(labels[swarmLabel] ?? '', lease),
		remove: async () =>
			remove().then(
				() => [],
				(error: unknown) => (isGone(error) ? [] : [`${kind} ${name}: ${(error as Error).message}`]),
			),
	};
}

/** With its volume, which has no name. */
async function removeContainer(docker: Docker, id: string): Promise<void> {
	await docker.getContainer(id).remove({force: true, v: true});
}

/** Gone already, or on its way: is as good as gone now. */
function isGone(error: unknown): boolean {
	const {statusCode, message} = error as {statusCode?: number; message?: string};
	return statusCode === 404 || (statusCode === 409 && /already in progress/.test(message ?? ''));
}
