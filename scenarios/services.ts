/** The life of a service: create, scale, update, remove. */
import {remainsOf, rollingUpdate, scenario, timed} from 'swarmlab';
import {assertNamed, webs} from './fixtures.ts';

scenario(
	'a service scales 2→4→1 with its balancer on every node, and its removal leaves nothing behind',
	{workers: 1, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {net, clients}) => {
		const port = swarm.port();
		const {value: service, seconds} = await timed(() =>
			swarm.service({image: 'web', replicas: 2, networks: [net], publish: [{target: 80, published: port}]}),
		);
		swarm.measure('2 tasks running', seconds);
		const vip = await service.vip(net);
		t.is(service.tasks.length, 2);

		swarm.measure('scaled to 4', await service.scale(4));
		const four = await clients.at(swarm.manager).get(`http://${service.name}/`, {connections: 12});
		t.deepEqual(four.failures, [], four.describe());
		t.true(four.isRoundRobinOver(service.tasks), four.describe());
		t.is(Object.keys(four.perTask()).length, 4, four.describe());

		swarm.measure('scaled to 1', await service.scale(1));
		const one = await clients.at(swarm.manager).get(`http://${service.name}/`, {connections: 3});
		t.deepEqual(one.failures, [], one.describe());
		t.true(one.isOnlyFrom(service.tasks), one.describe());

		await service.remove();
		await swarm.waitUntil(
			`nothing of ${service.name} is left`,
			async () => {
				const left = await remainsOf(service, swarm.machines, net, vip);
				return left.length === 0 ? {done: true, value: undefined} : {done: false, seen: left.join('; ')};
			},
			{limit: 40, metric: 'gone after removal'},
		);
		const {addresses} = await clients.at(swarm.manager).resolve(service.name);
		t.deepEqual(addresses, [], 'its name is still resolved');
	},
);

scenario(
	'a service without virtual address scales 1→3→1: on every node its name is its tasks, and each of them answers',
	{workers: 1, fixture: webs},
	async (t, swarm, {net, clients}) => {
		const service = await swarm.service({image: 'web', networks: [net], endpointMode: 'dnsrr', stopGrace: 1});
		swarm.measure('scaled to 3', await service.scale(3));
		t.is(service.tasks.length, 3);
		await assertNamed(t, clients, service.name, {service, net});
		await assertNamed(t, clients, `tasks.${service.name}`, {service, net});
		const client = clients.at(swarm.manager);
		const byName = await client.get(`http://${service.name}/`, {connections: 6});
		t.deepEqual(byName.failures, [], byName.describe());

		swarm.measure('scaled to 1', await service.scale(1));
		t.is(service.tasks.length, 1);
		await assertNamed(t, clients, service.name, {service, net});

		await service.remove();
		await swarm.waitUntil(
			`no node knows the name ${service.name}`,
			async () => {
				const known = await Promise.all([...clients].map(async each => (await each.resolve(service.name)).addresses));
				return known.flat().length === 0
					? {done: true, value: undefined}
					: {done: false, seen: `it is resolved to ${known.flat().join(', ')}`};
			},
			{limit: 70, poll: 1, metric: 'name gone after removal'},
		);
	},
);

scenario(
	'a rolling update replaces the tasks of a service one after the other, and its name follows on every node',
	{workers: 1, engine: '1.13', fixture: webs},
	async (t, swarm, {net, clients}) => {
		const service = await swarm.service({
			image: 'web',
			replicas: 2,
			networks: [net],
			endpointMode: 'dnsrr',
			stopGrace: 1,
		});
		const before = service.tasks.map(({id}) => id);
		const {seconds, fewestRunning} = await rollingUpdate(swarm, service);
		swarm.measure('updated', seconds);
		t.true(fewestRunning >= 1, 'the second task was stopped before the first one was replaced');

		await service.settle();
		t.deepEqual(
			service.tasks.filter(({id}) => before.includes(id)),
			[],
			'a task was not replaced',
		);
		t.is(service.tasks.length, 2);
		await assertNamed(t, clients, service.name, {service, net});
	},
);
