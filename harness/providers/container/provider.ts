/** Machines as privileged containers of a Docker host, with its kernel: a swarm in seconds, where only the engine is in question. */
import path from 'node:path';
import {limits} from '../../limits.ts';
import {openDaemon} from '../../machine/daemon.ts';
import {Machine} from '../../machine/index.ts';
import {stackOf} from '../../model/index.ts';
import type {Provider} from '../provider.ts';
import {bringUp} from './bring-up.ts';
import {dockerHost, rememberDockerHost} from './docker-host.ts';
import {findContainers, removeSwarm} from './leftovers.ts';
import {containerNeeds} from './needs.ts';
import {findTroubles} from './troubles.ts';

export const containerProvider: Provider = {
	needs: containerNeeds,

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

		return nodes.length > 200 ? 'More than 200 machines do not fit the address range of one LAN' : undefined;
	},

	upgrades: true,

	async artifacts(_, builder) {
		const {file, key, version} = await builder.tree();
		return {engine: {disk: file, name: key, version}};
	},

	async up(request) {
		const url = dockerHost();
		const docker = openDaemon(url);
		rememberDockerHost(url);
		const swarm = path.basename(request.places.runtime);
		const down = async () => removeSwarm(url, swarm);
		// Who waits for a container that is removed need wait no longer.
		const stopEarly = () => void down();
		request.signal.addEventListener('abort', stopEarly, {once: true});
		try {
			const {machines, bootSeconds} = await bringUp(request, docker, url);
			return {
				machines,
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

	leftovers: async () => findContainers(),
};
