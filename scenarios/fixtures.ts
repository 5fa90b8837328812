/** What several files of scenarios look at. It is made once per cell; see docs for what a fixture is. */
import {fixture} from 'swarmlab';

/** Ports of `webs`; scenarios that publish on their own take others. */
export const ports = {mesh: 8080, host: 8082};

/**
 * A web server on every node but the last, so that the mesh has a node without a task; a client on every node.
 * Global services: when a node goes and comes back, so do their tasks.
 */
export const webs = fixture('a web server on every node but the last, and a client on every node', async swarm => {
	const net = await swarm.overlay({attachable: true});
	const last = swarm.machines.at(-1)!;
	const [web, clients] = await Promise.all([
		swarm.service({
			name: 'web',
			image: 'web',
			replicas: 'global',
			constraints: [`node.hostname!=${last.name}`],
			networks: [net],
			publish: [
				{target: 80, published: ports.mesh},
				{target: 80, published: ports.host, mode: 'host'},
			],
		}),
		swarm.clientsOnEveryNode(net, {name: 'clients'}),
	]);
	return {net, web, clients};
});
