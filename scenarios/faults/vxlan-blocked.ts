/**
 * The field notes' cause: the network between two nodes swallows VXLAN (4789/udp). Names, gossip and `docker node ls` look
 * healthy, and requests to a VIP hang in a fixed rhythm.
 */
import {scenario} from 'swarmlab';

/** Seconds within which traffic must cross again after the heal. A client's SYN is repeated after 1, 3 and 7 s. */
const limit = 30;

scenario(
	'with udp/4789 blocked between two nodes every second request to a VIP of two tasks hangs, and none does after it is healed',
	{workers: 1, kernel: ['ip_vs'], faults: ['link']},
	async (t, swarm) => {
		const [first, second] = swarm.machines;
		const net = await swarm.overlay();
		const [web, client] = await Promise.all([
			swarm.service({
				image: 'web',
				replicas: 'global',
				networks: [net],
				constraints: swarm.machines.slice(2).map(({name}) => `node.hostname!=${name}`),
			}),
			swarm.clientService(net, {machine: first}),
		]);
		const [far] = web.on(second!);
		const direct = `http://${far!.addresses[net.id]}/`;
		const vip = `http://${web.name}/`;
		const before = await client.get(direct);
		t.deepEqual(before.failures, [], before.describe());

		const fault = await swarm.faults.block({
			from: first!,
			to: second!,
			bothWays: true,
			protocol: 'udp',
			port: 4789,
		});
		const cut = await client.get(direct, {timeout: 3});
		t.is(cut.failures.length, 1, `the task on ${second!.name} must be out of reach: ${cut.describe()}`);

		const hanging = await client.get(vip, {connections: 6, timeout: 3});
		const failed = hanging.all.filter(({error}) => error !== '').map(({number}) => number);
		t.deepEqual(failed, failed[0] === 1 ? [1, 3, 5] : [2, 4, 6], hanging.describe());
		t.deepEqual([...new Set(hanging.order.filter(Boolean))], [web.on(first!)[0]!.id], hanging.describe());
		const names = await client.resolve(web.name);
		t.deepEqual(names.addresses, [await web.vip(net)], 'names do not need VXLAN');

		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the fault must have had an effect');
		await swarm.waitUntil(
			`the task on ${second!.name} answers again`,
			async () => {
				const {failures} = await client.get(direct);
				return failures.length === 0 ? {done: true, value: undefined} : {done: false, seen: failures.join()};
			},
			{limit, metric: 'reachable after the heal'},
		);
		const after = await client.get(vip, {connections: 4});
		t.deepEqual(after.failures, [], after.describe());
		t.true(after.isRoundRobinOver(web.tasks), after.describe());
	},
);
