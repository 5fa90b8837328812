/** The routing mesh, and its opposite: ports that are published on the node of the task only. */
import {scenario} from 'swarmlab';
import {ports, webs} from './fixtures.ts';

scenario(
	'the routing mesh answers on every node, the one without a task included, from every task in turn',
	{workers: 1, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {web}) => {
		t.deepEqual(web.on(swarm.machines.at(-1)!), [], 'one node must have no task');
		await Promise.all(
			swarm.machines.map(async (machine, index) => {
				// From another machine, as users come from outside.
				const client = swarm.outside(swarm.machines.at(index - 1)!);
				const answers = await client.get(`http://${machine.address}:${ports.mesh}/`, {
					connections: 5 * web.tasks.length,
				});
				t.deepEqual(answers.failures, [], `${machine.name}: ${answers.describe()}`);
				t.true(answers.isRoundRobinOver(web.tasks), `${machine.name}: ${answers.describe()}`);
			}),
		);
	},
);

scenario(
	'a published port refuses connections on every node while the service has no task',
	{workers: 1, kernel: ['ip_vs']},
	async (t, swarm) => {
		const port = swarm.port();
		await swarm.service({image: 'web', replicas: 0, publish: [{target: 80, published: port}]});
		await Promise.all(
			swarm.machines.map(async (machine, index) => {
				const client = swarm.outside(swarm.machines.at(index - 1)!);
				const answers = await client.get(`http://${machine.address}:${port}/`, {connections: 1});
				t.true(answers.areRefused, `${machine.name} must refuse at once: ${answers.describe()}`);
			}),
		);
	},
);

scenario(
	'a port published in host mode answers on the nodes of its tasks only, each by its own task',
	{workers: 1, fixture: webs},
	async (t, swarm, {web}) => {
		await Promise.all(
			swarm.machines.map(async (machine, index) => {
				const client = swarm.outside(swarm.machines.at(index - 1)!);
				const answers = await client.get(`http://${machine.address}:${ports.host}/`, {connections: 3});
				const own = web.on(machine);
				if (own.length === 0) {
					t.true(answers.areRefused, `${machine.name} has no task: ${answers.describe()}`);
				} else {
					t.deepEqual(answers.failures, [], `${machine.name}: ${answers.describe()}`);
					t.true(answers.isOnlyFrom(own), `${machine.name} must answer by its own task: ${answers.describe()}`);
				}
			}),
		);
	},
);
