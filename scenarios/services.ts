/** The life of a service: create, scale, remove. */
import {remainsOf, scenario, timed} from 'swarmlab';
import {webs} from './fixtures.ts';

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
