/** The virtual address of a service, and the kernel's balancer behind it. */
import {scenario} from 'swarmlab';
import {webs} from './fixtures.ts';

scenario(
	'a service VIP spreads connections over every task in turn, from every node, and the kernel counts the same',
	{workers: 1, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		const share = 10;
		const connections = share * web.tasks.length;
		await Promise.all(
			[...clients].map(async client => {
				const before = await web.connectionsCounted(client.machine, net);
				const answers = await client.get(`http://${web.name}/`, {connections});
				const after = await web.connectionsCounted(client.machine, net);

				t.deepEqual(answers.failures, [], `${client.node}: ${answers.describe()}`);
				t.true(answers.isRoundRobinOver(web.tasks), `${client.node}: ${answers.describe()}`);
				t.deepEqual(
					Object.entries(after)
						.map(([address, count]) => ({address, count: count - (before[address] ?? 0)}))
						.sort(byAddress),
					web
						.addresses(net)
						.map(address => ({address, count: share}))
						.sort(byAddress),
					`what the kernel of ${client.node} counted`,
				);
				const slowest = Math.max(...answers.all.map(({seconds}) => seconds));
				swarm.measure(`slowest request from ${client.node}`, slowest);
			}),
		);
	},
);

scenario(
	'requests on one kept-alive connection stay on one task, and the next connection goes to the next',
	{workers: 1, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {web, clients}) => {
		const client = clients.at(swarm.manager);
		const tasks: string[] = [];
		for (const _ of web.tasks) {
			const answers = await client.get(`http://${web.name}/`, {connections: 6, keepAlive: true});
			t.deepEqual(answers.failures, [], answers.describe());
			t.is(new Set(answers.all.map(({localPort}) => localPort)).size, 1, 'curl did not keep its connection');
			t.is(new Set(answers.all.map(({who}) => who?.connection)).size, 1, 'the server saw several connections');
			t.true(answers.isOnlyFrom(web.tasks), answers.describe());
			tasks.push(answers.order[0]!);
		}

		t.is(new Set(tasks).size, web.tasks.length, 'each connection must go to another task');
	},
);

scenario(
	'a body of 10 MB through the VIP arrives whole on a node without a task',
	{workers: 1, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {web, clients}) => {
		const far = clients.at(swarm.machines.at(-1)!);
		t.deepEqual(web.on(far.machine), [], 'the bytes must cross between nodes');
		// What each task holds, taken where no network is involved.
		const kept = await Promise.all(
			web.tasks.map(async ({node, containerId}) => {
				const command = ['/bin/busybox', 'sha256sum', '/srv/bytes/10m'];
				const {stdout} = await swarm.machine(node).inContainer(containerId, command);
				return stdout.split(' ')[0];
			}),
		);
		// One connection for each task, as they are served in turn.
		for (const _ of web.tasks) {
			const download = await far.download(`http://${web.name}/bytes/10m`);
			t.is(download.error, '');
			t.is(download.bytes, 10 * 1024 * 1024);
			t.true(kept.includes(download.sha256), 'what arrived is not what was sent');
			swarm.measure('10 MB', download.seconds);
		}
	},
);

function byAddress(a: {address: string}, b: {address: string}): number {
	return a.address.localeCompare(b.address);
}
