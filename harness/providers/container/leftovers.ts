/** Finds containers and networks by their labels, on every Docker host that this user's runs have used, and removes them. */
import fs from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import {limits} from '../../limits.ts';
import {daemonTrouble, openDaemon} from '../../machine/daemon.ts';
import type {DaemonAddress} from '../../model/index.ts';
import type {Leftover} from '../provider.ts';
import {belongsTo, owner, ownerLabel, swarmLabel} from './names.ts';
import {forgetSwarm, recordedSwarms, recordFile, type SwarmRecord} from './swarm-records.ts';

/**
 * Returns everything of this user's runs, those under way included, on every Docker host that has swarms of theirs: containers
 * first, then networks, then what is known of the swarms. A swarm whose Docker host does not answer is returned as one thing,
 * which cannot be removed.
 */
export async function findLeftovers(): Promise<Leftover[]> {
	const hosts = Map.groupBy(recordedSwarms(), ({address}) => JSON.stringify(address));
	const found = await Promise.all(
		[...hosts.values()].map(async records => {
			const {address} = records[0]!;
			try {
				return [...(await findOn(address)), ...records.map(recordOf)];
			} catch (error) {
				return isGoneForGood(address) ? records.map(recordOf) : records.map(each => unreachable(each, error));
			}
		}),
	);
	return found.flat().sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const order = ['container', 'network', 'record', 'swarm'];

/** The file goes last, when nothing of its swarm is left. */
function recordOf({swarm}: SwarmRecord): Leftover {
	return {
		kind: 'record',
		name: `of swarm ${swarm}`,
		isOf: lease => belongsTo(swarm, lease),
		async remove() {
			forgetSwarm(swarm);
			return [];
		},
	};
}

function unreachable({swarm, address}: SwarmRecord, error: unknown): Leftover {
	const why = daemonTrouble(address, error).split('\n')[0];
	return {
		kind: 'swarm',
		name: `${swarm} on the Docker host ${address.url}`,
		isOf: lease => belongsTo(swarm, lease),
		remove: async () => [
			`swarm ${swarm}: ${why}. Call swarmlab gc again when it does. If it is gone for good, remove ${recordFile(swarm)}`,
		],
	};
}

/** Its socket's folder is gone, too: a daemon that rests comes back to its folder, a temporary one (of a test) had a folder of its own. */
function isGoneForGood({url}: DaemonAddress): boolean {
	const [, socket] = /^unix:\/\/(.+)$/.exec(url) ?? [];
	return socket !== undefined && !fs.existsSync(path.dirname(socket));
}

/** Removes a swarm. Never throws: says what is left. */
export async function removeSwarm(address: DaemonAddress, swarm: string): Promise<string[]> {
	try {
		const found = await findOn(address, swarm);
		const left = await Promise.all(found.filter(isContainer).map(async each => each.remove()));
		for (const network of found.filter(each => !isContainer(each))) {
			left.push(await network.remove());
		}

		return left.flat();
	} catch (error) {
		return [`containers of ${swarm}: ${daemonTrouble(address, error)}; swarmlab gc removes them when it answers again`];
	}
}

const isContainer = ({kind}: Leftover) => kind === 'container';

/** Throws when the Docker host does not answer. */
async function findOn(address: DaemonAddress, swarm?: string): Promise<Leftover[]> {
	const docker = openDaemon(address, limits.dockerHostAnswer);
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
			leftoverOf('network', Name, Labels ?? {}, async () => removeNetwork(docker, Id)),
		),
	];
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

/** Helper containers stay when one of their swarms goes: they leave its network first. */
async function removeNetwork(docker: Docker, id: string): Promise<void> {
	const network = docker.getNetwork(id);
	const {Containers} = (await network.inspect()) as {Containers?: Record<string, unknown>};
	await Promise.all(
		Object.keys(Containers ?? {}).map(async container =>
			// It may be gone meanwhile.
			network.disconnect({Container: container, Force: true}).catch(() => {}),
		),
	);
	await network.remove();
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
