/** What several files of scenarios look at. It is made once per cell; see docs for what a fixture is. */
import type {ExecutionContext} from 'ava';
import {type Client, fixture, type Overlay, type Service} from 'swarmlab';

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

/** Seconds that the engine gives with each answer of its name server (libnetwork, resolver.go). */
export const ttl = 600;

/** Each client gets the addresses of a service's tasks, and no others, for a name; and each task answers it at its own address. */
export async function assertNamed(
	t: ExecutionContext,
	clients: Iterable<Client>,
	name: string,
	{service, net}: {service: Service; net: Overlay},
): Promise<void> {
	await Promise.all(
		[...clients].map(async client => {
			t.deepEqual(
				await client.resolve(name),
				{status: 'NOERROR', addresses: service.addresses(net), ttl},
				`${name} on ${client.node}`,
			);
			await assertReached(t, client, {service, net});
		}),
	);
}

/** A client reaches each task at its own address, on whichever node it runs. */
export async function assertReached(
	t: ExecutionContext,
	client: Client,
	{service, net}: {service: Service; net: Overlay},
): Promise<void> {
	for (const task of service.tasks) {
		const answers = await client.get(`http://${task.addresses[net.id]}/`);
		t.deepEqual(answers.failures, [], `${task.name} from ${client.node}: ${answers.describe()}`);
		t.true(answers.isOnlyFrom([task]), `${task.name} from ${client.node}: ${answers.describe()}`);
	}
}
