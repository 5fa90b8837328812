/** Names, asked of the engine's own name server in a container on every node. */
import {scenario} from 'swarmlab';
import {ttl, webs} from './fixtures.ts';

scenario(
	'a service name resolves to its one virtual address, and tasks.NAME to its tasks, on every node',
	{workers: 1, fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		const vip = await web.vip(net);
		await Promise.all(
			[...clients].map(async client => {
				t.deepEqual(
					await client.resolve(web.name),
					{status: 'NOERROR', addresses: [vip], ttl},
					`${web.name} on ${client.node}`,
				);
				t.deepEqual(
					await client.resolve(`tasks.${web.name}`),
					{status: 'NOERROR', addresses: web.addresses(net), ttl},
					`tasks.${web.name} on ${client.node}`,
				);
			}),
		);
		t.deepEqual(
			await clients.at(swarm.manager).resolve(web.name, 'AAAA'),
			{status: 'NOERROR', addresses: [], ttl: undefined},
			'an IPv4 service has no AAAA record, and that is no error',
		);
	},
);

scenario(
	'the name of a service without virtual address (dnsrr) resolves to all of its tasks, on every node',
	{workers: 1, fixture: webs},
	async (t, _, {net, clients}) => {
		await Promise.all(
			[...clients].map(async client => {
				t.deepEqual(
					await client.resolve(clients.name),
					{status: 'NOERROR', addresses: clients.addresses(net), ttl},
					`${clients.name} on ${client.node}`,
				);
			}),
		);
	},
);

scenario(
	'a service name is resolved whatever its case',
	{workers: 1, engine: '19.03', fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		const {addresses} = await clients.at(swarm.manager).resolve(web.name.toUpperCase());
		t.deepEqual(addresses, [await web.vip(net)]);
	},
);
