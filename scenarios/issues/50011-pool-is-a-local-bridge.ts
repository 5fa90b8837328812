/**
 * moby/moby#50011: an overlay gets a subnet of the swarm's pool that a bridge of one node has, and tasks fail on that node only.
 */
import {scenario} from 'swarmlab';

scenario(
	'an overlay works on a node that has a bridge with a subnet of the pool',
	{
		issue: 'moby/moby#50011',
		expected: [{fails: '*', because: 'managers do not know the bridges of nodes; reported for 28.1.1'}],
		steps: [
			'm1: docker swarm leave --force; docker network create --subnet 10.91.1.0/24 local',
			'm1: docker swarm init --advertise-addr {m1} --default-addr-pool 10.91.0.0/16 >/dev/null',
			'm1: docker network create -d overlay n',
			"m1: docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' n",
			'm1: docker service create -d --name s --network n swarmlab/toolbox sleep 1d',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'its task runs',
			async () => {
				const seen = await swarm.manager.run("docker service ps --no-trunc --format '{{.CurrentState}} {{.Error}}' s");
				return seen.startsWith('Running') ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 40},
		);
		t.pass();
	},
);
