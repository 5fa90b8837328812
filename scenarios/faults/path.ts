/** Faults in the path between two nodes: one direction, long packets, a few packets. */
import {rollingUpdate, scenario} from 'swarmlab';
import {assertRightAgain, measureGap, startWork} from './right-again.ts';

/** Seconds within which traffic must cross again after the heal. A client's SYN is repeated after 1, 3 and 7 s. */
const limit = 30;
const needs = {workers: 1, kernel: ['ip_vs'], faults: ['link'], limit: 300} as const;

scenario(
	`VXLAN is lost in one direction only: the task on the other end is out of reach from both, and all is right ${limit} s after that`,
	needs,
	async (t, swarm) => {
		const [first, second] = swarm.machines;
		const work = await startWork(swarm);
		const {net, web, clients} = work;
		const fault = await swarm.faults.block({from: first!, to: second!, protocol: 'udp', port: 4789});
		for (const [here, there] of [
			[first, second],
			[second, first],
		]) {
			const direct = `http://${web.on(there!)[0]!.addresses[net.id]}/`;
			const cut = await clients.at(here!).get(direct, {timeout: 3});
			t.is(cut.failures.length, 1, `from ${here!.name} to ${there!.name}: ${cut.describe()}`);
		}

		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the fault must have had an effect');
		await assertRightAgain(t, swarm, work, limit);
	},
);

scenario(
	`the path carries less than the overlay's MTU and does not say so: small answers arrive, large ones hang, and do not ${limit} s after that`,
	needs,
	async (t, swarm) => {
		const [first, second] = swarm.machines;
		const work = await startWork(swarm);
		const direct = `http://${work.web.on(second!)[0]!.addresses[work.net.id]}`;
		const client = work.clients.at(first!);
		const fault = await swarm.faults.block({protocol: 'udp', port: 4789, largerThanBytes: 1400});
		const small = await client.get(`${direct}/`, {connections: 2});
		t.deepEqual(small.failures, [], small.describe());
		const large = await client.get(`${direct}/bytes/200k`, {timeout: 5});
		t.is(large.failures.length, 1, large.describe());

		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the fault must have had an effect');
		await assertRightAgain(t, swarm, work, limit);
		const again = await client.download(`${direct}/bytes/200k`);
		t.like(again, {error: '', bytes: 204_800});
	},
);

scenario(
	'1 % of all frames is lost: nodes stay Ready, and every request is answered within 20 s',
	needs,
	async (t, swarm) => {
		const work = await startWork(swarm);
		const fault = await swarm.faults.loss({percent: 1});
		const slow: number[] = [];
		for (const client of work.clients) {
			// A SYN that is lost four times in a row is answered after 15 s: once in 10⁸.
			const answers = await client.get(`http://${work.web.name}/`, {connections: 30, timeout: 20});
			t.deepEqual(answers.failures, [], `${client.node}: ${answers.describe()}`);
			slow.push(...answers.all.map(({seconds}) => seconds));
		}

		swarm.measure('slowest answer', Math.max(...slow));
		const nodes = await swarm.nodes();
		t.deepEqual(
			nodes.filter(({state}) => state !== 'ready'),
			[],
		);
		const {dropped} = await fault.heal();
		t.true(dropped > 0, 'the fault must have had an effect');
		await assertRightAgain(t, swarm, work, limit);
	},
);

scenario(
	'a service is updated over a network that loses 1 % and is 20 ms late: at least one task runs all the time',
	needs,
	async (t, swarm) => {
		const work = await startWork(swarm);
		const service = await swarm.service({image: 'web', replicas: 3, networks: [work.net], stopGrace: 2});
		const before = service.tasks.map(({id}) => id);
		await using _loss = await swarm.faults.loss({percent: 1});
		await using _late = await swarm.faults.delay({ms: 20, jitterMs: 5});
		const load = swarm.load([...work.clients], `http://${service.name}/`);
		const {seconds, fewestRunning} = await rollingUpdate(swarm, service);
		swarm.measure('updated', seconds);
		// Two of three tasks run while the third is replaced. A request may take 2 s; four are sent by one command.
		const gap = await measureGap(t, swarm, load);
		t.true(gap < 20, `${gap} s without an answer`);
		t.true(fewestRunning >= 1, `${fewestRunning} tasks ran`);
		await service.settle();
		t.deepEqual(
			service.tasks.filter(({id}) => before.includes(id)),
			[],
			'a task was not replaced',
		);
	},
);
