/** Overlay networks: where they are. */
import {scenario} from 'swarmlab';

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
