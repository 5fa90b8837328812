/**
 * Tasks that die and nodes that go: who still answers, and who gets in again.
 * Limits are those of the engine's own timers, doubled, plus 10 s. This file comes last by its name, so that no other
 * has to wait until a node that was away runs its tasks again.
 */
import {scenario} from 'swarmlab';
import {assertNamed, assertReached, ports, ttl, webs} from './fixtures.ts';

/** Seconds: what one node has missed of another's gossip comes with the next exchange of everything, each 30 s. */
const gossip = 70;

scenario(
	'a killed task leaves the VIP on every node, and its replacement joins it',
	{workers: 2, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		const victim = web.on(swarm.workers[0]!)[0]!;
		const address = victim.addresses[net.id]!;
		await swarm.machine(victim.node).ask('kill the task', docker => docker.getContainer(victim.containerId).kill());
		await swarm.waitUntil(
			`no node balances to ${address}`,
			async () => {
				const balancers = await Promise.all(swarm.machines.map(machine => web.balancer(machine, net)));
				const stale = swarm.machines.filter((_, index) =>
					balancers[index]?.backends.some(backend => backend.address === address && backend.weight > 0),
				);
				return stale.length === 0
					? {done: true, value: undefined}
					: {done: false, seen: `it is still in the balancer of ${stale.map(({name}) => name).join(', ')}`};
			},
			{limit: gossip, metric: 'killed task gone everywhere'},
		);
		const client = clients.at(swarm.manager);
		const others = web.tasks.filter(({id}) => id !== victim.id);
		const meanwhile = await client.get(`http://${web.name}/`, {connections: 2});
		t.deepEqual(meanwhile.failures, [], `while it is being replaced: ${meanwhile.describe()}`);

		// Restart delay 5 s, then the start of a container.
		swarm.measure('replacement running', await web.tasksRun(60));
		swarm.measure('replacement ready on every node', await web.converge());
		t.false(web.tasks.some(({id}) => id === victim.id));
		t.is(web.tasks.length, others.length + 1);
		const answers = await client.get(`http://${web.name}/`, {connections: 3 * web.tasks.length});
		t.deepEqual(answers.failures, [], answers.describe());
		t.true(answers.isRoundRobinOver(web.tasks), answers.describe());
	},
);

scenario(
	'a killed task loses its name on every node, and its replacement gets it',
	{workers: 2, fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		const name = `tasks.${web.name}`;
		const victim = web.on(swarm.workers[0]!)[0]!;
		const address = victim.addresses[net.id]!;
		await swarm.machine(victim.node).ask('kill the task', docker => docker.getContainer(victim.containerId).kill());
		await swarm.waitUntil(
			`no node resolves ${name} to ${address}`,
			async () => {
				const all = await Promise.all(
					[...clients].map(async client => ({client, told: (await client.resolve(name)).addresses})),
				);
				const stale = all.filter(({told}) => told.includes(address)).map(({client}) => client.node);
				return stale.length === 0
					? {done: true, value: undefined}
					: {done: false, seen: `still on ${stale.join(', ')}`};
			},
			{limit: gossip, poll: 1, metric: 'name of the killed task gone everywhere'},
		);

		// Restart delay 5 s, then the start of a container.
		swarm.measure('replacement running', await web.tasksRun(60));
		swarm.measure('replacement ready on every node', await web.converge());
		t.false(web.tasks.some(({id}) => id === victim.id));
		t.is(web.on(swarm.workers[0]!).length, 1);
		await assertNamed(t, clients, name, {service: web, net});
	},
);

scenario(
	'the tasks of a drained node move, and their names follow on every node, the drained one included',
	{workers: 2, engine: '1.13', fixture: webs},
	async (t, swarm, {net, web, clients}) => {
		const service = await swarm.service({
			image: 'web',
			networks: [net],
			endpointMode: 'dnsrr',
			constraints: ['node.role==worker'],
			stopGrace: 1,
		});
		const drained = swarm.machine(service.tasks[0]!.node);
		// It is no task, so it stays: whoever works on a drained node still asks for names there.
		const plain = await swarm.plainContainer(drained, net);

		await swarm.members.set(drained, 'drain');
		await swarm.waitUntil(
			`no task is to run on ${drained.name}`,
			async () => {
				const all = [service, web, clients];
				const lists = await Promise.all(all.map(async each => each.list()));
				const left = all.filter((_, index) =>
					lists[index]!.some(({node, desired}) => node === drained.name && desired === 'running'),
				);
				return left.length === 0
					? {done: true, value: undefined}
					: {done: false, seen: left.map(({name}) => name).join(', ')};
			},
			{limit: 40, metric: 'drained'},
		);
		swarm.measure('moved', await service.settle());
		t.deepEqual(service.on(drained), []);
		t.is(service.tasks.length, 1);
		await Promise.all([web.settle(), clients.settle()]);
		await assertNamed(t, clients, service.name, {service, net});

		const wanted = {status: 'NOERROR', addresses: service.addresses(net), ttl};
		await swarm.waitUntil(
			`${service.name} is resolved to ${wanted.addresses.join()} on ${drained.name}`,
			async () => {
				const {status, addresses} = await plain.resolve(service.name);
				return addresses.join() === wanted.addresses.join()
					? {done: true, value: undefined}
					: {done: false, seen: `${status} ${addresses.join(', ')}`};
			},
			{limit: gossip, poll: 1, metric: 'name follows on the drained node'},
		);
		await assertReached(t, plain, {service, net});
		await assertReached(t, plain, {service: web, net});
		const hostPort = await swarm.outside(swarm.manager).get(`http://${drained.address}:${ports.host}/`);
		t.true(hostPort.areRefused, `its port in host mode: ${hostPort.describe()}`);
	},
);

scenario(
	'the tasks of a drained node leave the VIP, and the mesh still answers on that node',
	{workers: 2, kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {web, clients}) => {
		const drained = swarm.workers[0]!;
		t.is(web.on(drained).length, 1, 'the node must have a task to lose');

		const start = performance.now();
		await swarm.members.set(drained, 'drain');
		await web.settle(40);
		swarm.measure('drained out of the VIP', (performance.now() - start) / 1000);
		t.deepEqual(web.on(drained), []);

		const inside = await clients.at(swarm.manager).get(`http://${web.name}/`, {connections: 2 * web.tasks.length});
		t.deepEqual(inside.failures, [], inside.describe());
		t.true(inside.isRoundRobinOver(web.tasks), inside.describe());

		const mesh = await swarm.outside(swarm.manager).get(`http://${drained.address}:${ports.mesh}/`, {connections: 4});
		t.deepEqual(mesh.failures, [], `through the drained node: ${mesh.describe()}`);
		t.true(mesh.isRoundRobinOver(web.tasks), mesh.describe());
	},
);

scenario(
	'the tasks of a node that leaves the swarm leave the VIP on every other node',
	{workers: 2, cluster: 'fresh', kernel: ['ip_vs'], fixture: webs},
	async (t, swarm, {web, clients}) => {
		const leaver = swarm.workers[0]!;
		const start = performance.now();
		await swarm.members.leave(leaver);
		await swarm.members.waitForState(leaver, 'down', 40);
		await web.settle(60);
		swarm.measure('left the VIP', (performance.now() - start) / 1000);

		const answers = await clients.at(swarm.manager).get(`http://${web.name}/`, {connections: 2 * web.tasks.length});
		t.deepEqual(answers.failures, [], answers.describe());
		t.true(answers.isRoundRobinOver(web.tasks), answers.describe());
	},
);

scenario(
	'a worker that left gets in again with the current token only',
	{workers: 1, cluster: 'fresh'},
	async (t, swarm) => {
		const worker = swarm.workers.at(-1)!;
		const old = await swarm.members.tokens();
		t.regex(old.worker, /^SWMTKN-1-/);
		t.not(old.worker, old.manager, 'managers and workers join with different tokens');

		await swarm.members.leave(worker);
		swarm.measure('seen down', await swarm.members.waitForState(worker, 'down'));
		const current = await swarm.members.rotateWorkerToken();
		t.not(current.worker, old.worker);
		t.is(current.manager, old.manager, 'the token of managers was rotated, too');

		await t.throwsAsync(swarm.members.join(worker, old.worker), {message: /token/i}, 'the old token must be refused');
		t.not((await swarm.members.of(worker)).state, 'active');

		swarm.measure('joined again', await swarm.members.join(worker, current.worker));
		const nodes = await swarm.nodes();
		t.is(nodes.find(({name, state}) => name === worker.name && state === 'ready')?.role, 'worker');
	},
);
