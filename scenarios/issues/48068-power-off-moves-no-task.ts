/**
 * moby/moby#48068 “Docker swarm power off a node doesn't rebalance service”, reported for 25.0.5: the node is Down, and its tasks stay
 * there. A task must be given to another node as soon as a manager has missed the heartbeats of its node.
 */
import {scenario} from 'swarmlab';

scenario(
	'the task of a worker that has lost its power runs on another worker within 60 s',
	{
		issue: 'moby/moby#48068',
		expected: [],
		workers: 2,
		faults: ['power'],
		steps: [
			'm1: docker service create -q --name site --constraint node.role==worker swarmlab/web',
			"m1: docker service ps --filter desired-state=running --format '{{.Node}}' site > /root/node; cat /root/node",
		],
	},
	async (t, swarm) => {
		const node = (await swarm.manager.run('cat /root/node')).trim();
		await swarm.faults.node(swarm.machine(node)).powerOff({});
		const {seconds} = await swarm.waitUntil(
			`the task runs on another node than ${node}`,
			async () => {
				const seen = await swarm.manager.run(
					"docker service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' site; docker node ls",
				);
				const isThere = /^w\d Running/.test(seen) && !seen.startsWith(node);
				return isThere ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 60},
		);
		t.log(`after ${seconds.toFixed(1)} s`);
		t.pass();
	},
);
