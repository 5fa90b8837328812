/**
 * docker/for-linux#787: a container with a restart policy on an attachable overlay that ends while its node cannot reach a manager
 * stays down, also when the manager can be reached again.
 */
import {scenario} from 'swarmlab';

scenario(
	'a container on an attachable overlay that ended while no manager could be reached runs again after that',
	{
		issue: 'docker/for-linux#787',
		expected: [{fails: '*', because: 'the engine gives up when it cannot attach the network; reported only'}],
		workers: 1,
		steps: [
			'm1: docker network create -d overlay --attachable att',
			'w1: docker run -d --name back --restart unless-stopped --network att swarmlab/toolbox sleep 15',
			'w1: iptables -I OUTPUT -p tcp --dport 2377 -j DROP; sleep 50; iptables -D OUTPUT -p tcp --dport 2377 -j DROP',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'the container runs',
			async () => {
				const seen = await swarm
					.machine('w1')
					.run("docker inspect -f '{{.State.Status}} {{.RestartCount}} {{.State.Error}}' back");
				return seen.startsWith('running') ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 60},
		);
		t.pass();
	},
);
