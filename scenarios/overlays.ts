/** Overlay networks: where they are, and what crosses them. */
import {scenario} from 'swarmlab';
import {assertReached, webs} from './fixtures.ts';

scenario(
	'every node reaches every task at its own address on the overlay, and 10 MB arrive whole',
	{workers: 1, fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		await Promise.all([...clients].map(async client => assertReached(t, client, {service: web, net})));

		const far = clients.at(swarm.machines.at(-1)!);
		const task = web.on(swarm.manager)[0]!;
		t.not(task.node, far.node, 'the bytes must cross between nodes');
		const command = ['/bin/busybox', 'sha256sum', '/srv/bytes/10m'];
		const {stdout} = await swarm.machine(task.node).inContainer(task.containerId, command);
		const download = await far.download(`http://${task.addresses[net.id]}/bytes/10m`);
		t.is(download.error, '');
		t.is(download.bytes, 10 * 1024 * 1024);
		t.is(download.sha256, stdout.split(' ')[0]!, 'what arrived is not what was sent');
		swarm.measure('10 MB', download.seconds);
	},
);

scenario('an overlay is on a worker only while a task there uses it', {workers: 2}, async (t, swarm) => {
	const [user, other] = swarm.workers;
	const net = await swarm.overlay();
	t.true((await swarm.networksOn(swarm.manager)).includes(net.name), 'the manager knows the network');
	for (const worker of swarm.workers) {
		t.false((await swarm.networksOn(worker)).includes(net.name), `${worker.name} has it before any task`);
	}

	const service = await swarm.service({
		image: 'toolbox',
		stopGrace: 1,
		networks: [net],
		constraints: [`node.hostname==${user!.name}`],
	});
	t.true((await swarm.networksOn(user!)).includes(net.name), `${user!.name} runs a task on it`);
	t.false((await swarm.networksOn(other!)).includes(net.name), `${other!.name} runs no task on it`);

	await service.remove();
	await swarm.waitUntil(
		`${net.name} vanishes from ${user!.name}`,
		async () =>
			(await swarm.networksOn(user!)).includes(net.name)
				? {done: false, seen: 'it is there'}
				: {done: true, value: undefined},
		{limit: 40, metric: 'overlay gone after removal'},
	);
});
