/** A worker that is cut off, and comes back. */
import {partitions, scenario} from 'swarmlab';

/** Seconds. A manager takes a node for down after 15 s without a heartbeat. */
const cutOff = 30;

/** Seconds after the heal. An engine tries to rejoin gossip every 60 s (moby libnetwork/networkdb: rejoinClusterInterval). */
const limit = 90;

scenario(
	'a worker that was cut off for 30 s is Ready again, and names and VIPs are right on every node within 90 s',
	{workers: 1, kernel: ['ip_vs'], faults: ['link'], cluster: 'fresh', limit: 420},
	async (t, swarm) => {
		const worker = swarm.workers.at(-1)!;
		const net = await swarm.overlay();
		const [web, clients] = await Promise.all([
			swarm.service({image: 'web', replicas: 'global', networks: [net]}),
			swarm.clientsOnEveryNode(net),
		]);

		const started = performance.now();
		const fault = await swarm.faults.partition(nodes => partitions.isolate(nodes, worker.name));
		swarm.measure('seen down', await swarm.members.waitForState(worker, 'down', cutOff + 15));
		await swarm.waitUntil(
			`${worker.name} was cut off for ${cutOff} s`,
			async () => {
				const seconds = (performance.now() - started) / 1000;
				return seconds >= cutOff ? {done: true, value: undefined} : {done: false, seen: `${seconds.toFixed(0)} s`};
			},
			{limit: 2 * cutOff, poll: 1, ours: true},
		);
		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the partition must have had an effect');

		let left = limit;
		left -= await swarm.members.waitForState(worker, 'ready', left);
		for (const service of [web, clients]) {
			left -= await service.tasksRun(Math.max(1, left));
		}

		left -= await web.converge(Math.max(1, left));
		swarm.measure('right after the heal', limit - left);
		t.is(web.on(worker).length, 1, `${worker.name} must have a task again`);
		for (const client of clients) {
			const named = await client.resolve(web.name);
			t.deepEqual(named.addresses, [await web.vip(net)], `the name on ${client.node}`);
			const answers = await client.get(`http://${web.name}/`, {connections: 2 * web.tasks.length});
			t.deepEqual(answers.failures, [], `${client.node}: ${answers.describe()}`);
			t.true(answers.isRoundRobinOver(web.tasks), `${client.node}: ${answers.describe()}`);
		}
	},
);
