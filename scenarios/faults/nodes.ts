/** Nodes that lose their power, engines that restart, and a node that comes back with another address. */
import {scenario} from 'swarmlab';
import {assertRightAgain, startWork} from './right-again.ts';

/**
 * Seconds. Limits are the engine's own timers doubled, plus 10 s: a node is down after 16.5 s without a heartbeat (swarmkit,
 * manager/dispatcher), and gossip declares it dead after some 8 s (memberlist).
 */
const seenDown = 2 * 16.5 + 10;
const leftBalancers = 2 * 8 + 10;
/** Seconds from the moment when its engine answers: gossip rejoins every 60 s. */
const back = 90;

scenario(
	`a worker loses its power: its task leaves the VIP within ${leftBalancers} s, and it is back ${back} s after it has booted`,
	{workers: 1, kernel: ['ip_vs'], faults: ['power'], cluster: 'fresh', limit: 600},
	async (t, swarm) => {
		const worker = swarm.workers.at(-1)!;
		const work = await startWork(swarm);
		const {net, web, clients} = work;
		const address = web.on(worker)[0]!.addresses[net.id]!;
		const load = swarm.load([clients.at(swarm.manager)], `http://${web.name}/`);

		const fault = await swarm.faults.node(worker).powerOff({});
		await swarm.waitUntil(
			`${swarm.manager.name} does not balance to ${address}`,
			async () => {
				const {backends = []} = (await web.balancer(swarm.manager, net)) ?? {};
				return backends.every(each => each.address !== address || each.weight === 0)
					? {done: true, value: undefined}
					: {done: false, seen: 'it still does'};
			},
			{limit: leftBalancers, poll: 0.5, metric: 'left the VIP'},
		);
		const meanwhile = await clients.at(swarm.manager).get(`http://${web.name}/`, {connections: 6});
		t.deepEqual(meanwhile.failures, [], `without ${worker.name}: ${meanwhile.describe()}`);
		swarm.measure('seen down', await swarm.members.waitForState(worker, 'down', seenDown));

		await fault.heal();
		await assertRightAgain(t, swarm, work, back, load);
	},
);

for (const role of ['worker', 'manager'] as const) {
	scenario(
		`the engine of a ${role} restarts: all is right on every node ${back} s after that`,
		{workers: 1, faults: ['node'], cluster: 'fresh', limit: 420},
		async (t, swarm) => {
			const machine = role === 'worker' ? swarm.workers.at(-1)! : swarm.manager;
			const other = swarm.machines.find(each => each !== machine)!;
			const work = await startWork(swarm);
			const before = work.web.on(machine)[0]!.id;
			const load = swarm.load([work.clients.at(other)], `http://${work.web.name}/`);

			const fault = await swarm.faults.node(machine).stopEngine({});
			await fault.heal();
			await assertRightAgain(t, swarm, work, back, load);
			t.not(work.web.on(machine)[0]!.id, before, 'the task that ran there must have been replaced');
		},
	);
}

scenario(
	`a worker joins again with another address: within ${back} s every node sends to the new one, and none to the old one`,
	{workers: 1, cluster: 'fresh', limit: 420},
	async (t, swarm) => {
		const worker = swarm.workers.at(-1)!;
		const work = await startWork(swarm);
		const renumbered = worker.address.replace(/\d+$/, '177');
		await swarm.members.leave(worker);
		await swarm.members.waitForState(worker, 'down', seenDown);
		const card = (await worker.run(`ip -4 -o address | grep -F ' ${worker.address}/' | cut -d ' ' -f 2`)).trim();
		const change = (from: string, to: string) =>
			`ip address add ${to}/24 dev ${card} && ip address del ${from}/24 dev ${card}`;
		await worker.run(change(worker.address, renumbered));
		swarm.undo.add(`give ${worker.name} its address back`, () => worker.run(change(renumbered, worker.address)));

		const {worker: token} = await swarm.members.tokens();
		await worker.ask('join with another address', docker =>
			docker.swarmJoin({
				ListenAddr: `${renumbered}:2377`,
				AdvertiseAddr: renumbered,
				RemoteAddrs: [`${swarm.manager.address}:2377`],
				JoinToken: token,
			}),
		);
		await assertRightAgain(t, swarm, work, back);
		for (const machine of swarm.machines.filter(each => each !== worker)) {
			const rows = await machine.run(
				`cd /var/run/docker/netns && nsenter --net="$(echo *-${work.net.id.slice(0, 10)})" bridge fdb show dev vxlan0`,
			);
			t.true(rows.includes(`dst ${renumbered} `), `${machine.name} sends to ${renumbered}: ${rows}`);
			t.false(rows.includes(`dst ${worker.address} `), `${machine.name} sends to ${worker.address}: ${rows}`);
		}
	},
);
