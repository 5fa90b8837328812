/** Machines as privileged containers of a Docker host, with its kernel: a swarm in seconds, where only the engine is in question. */
import path from 'node:path';
import {limits} from '../../limits.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {Machine} from '../../machine/index.ts';
import {stackOf} from '../../model/index.ts';
import type {Provider} from '../provider.ts';
import {bringUp} from './bring-up.ts';
import {factsOf, readInfo} from './daemon-info.ts';
import {dockerHost} from './docker-host.ts';
import {findLeftovers, removeSwarm} from './leftovers.ts';
import {containerNeeds} from './needs.ts';
import {forgetSwarm, recordSwarm} from './swarm-records.ts';
import {findTroubles} from './troubles.ts';
import {variantRefusal} from './variant-refusal.ts';

export const containerProvider: Provider = {
	needs: containerNeeds,

	facts: async () => factsOf(dockerHost()),
	hostKernel: async () => (await readInfo(dockerHost())).KernelVersion,

	refuse(cell) {
		const {nodes, plain} = cell;
		const other = nodes.find(({kernel}) => kernel.source.type !== 'host');
		if (other) {
			return `Containers run on the kernel of their Docker host, not on ${other.kernel.label}: leave --kernel out, or choose machines`;
		}

		if (stackOf(cell)) {
			return 'A stack needs a machine with a kernel of its own, which a container is not';
		}

		if (plain) {
			return "The engine of a container is started as quick machines start theirs, so containers are never plain; QEMU's machines are";
		}

		const variant = variantRefusal(nodes);
		if (variant) {
			return variant;
		}

		return nodes.length > 200 ? 'More than 200 machines do not fit the address range of one LAN' : undefined;
	},

	upgrades: true,
	// No switch of ours: those on links are put into the nodes at their ends.
	faults: ['link', 'node', 'power'],
	services: true,

	async artifacts(_, builder) {
		const {file, key, version} = await builder.tree();
		return {engine: {disk: file, name: key, version}};
	},

	async up(request) {
		const {runtime} = request.places;
		const found = dockerHost();
		// One connection by ssh is enough for all processes that use the swarm. It ends with the run.
		const address = found.url.startsWith('ssh:') ? {...found, socket: path.join(runtime, 'docker-host.sock')} : found;
		const docker = openDaemon(address);
		const swarm = path.basename(runtime);
		recordSwarm(swarm, address);
		const down = async () => {
			const left = await removeSwarm(address, swarm);
			if (left.length === 0) {
				forgetSwarm(swarm);
			}

			return left;
		};
		// Who waits for a container that is removed need wait no longer. More of them may still come up: `down` is called again.
		const stopEarly = () => void removeSwarm(address, swarm);
		request.signal.addEventListener('abort', stopEarly, {once: true});
		try {
			const {machines, helpers, bootSeconds} = await bringUp(request, docker, address);
			return {
				machines,
				...(helpers.length > 0 && {helpers}),
				bootSeconds,
				troubles: async () => findTroubles(docker, machines),
				execOutOfBand: async (name, command, limit = limits.agentCommand) => {
					const handle = machines.find(machine => machine.name === name)!;
					const {exitCode, stdout, stderr} = await new Machine(handle).exec(command, {timeout: limit});
					return {exitCode, output: `${stdout}${stderr}`};
				},
				down,
			};
		} catch (error) {
			await down();
			throw error;
		} finally {
			request.signal.removeEventListener('abort', stopEarly);
		}
	},

	leftovers: async () => findLeftovers(),

	async oldImages(trees) {
		const address = dockerHost();
		const docker = openDaemon(address, limits.dockerHostAnswer);
		const [{findOldImages}, {suffixOfImages}] = await Promise.all([import('./old-images.ts'), import('./image.ts')]);
		return {where: `on the Docker host ${address.url}`, images: await findOldImages(docker, trees, suffixOfImages())};
	},
};
