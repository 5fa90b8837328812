/**
 * moby/moby#32607: a container with a restart policy on an attachable overlay does not come back after its engine was restarted, as the
 * engine does not know the network yet.
 */
import {scenario} from 'swarmlab';

scenario(
	'a container on an attachable overlay runs again after its engine was restarted',
	{
		issue: 'moby/moby#32607',
		expected: 'unknown',
		workers: 1,
		steps: [
			'm1: docker network create -d overlay --attachable att',
			'w1: docker run -d --name back --restart unless-stopped --network att swarmlab/toolbox sleep 1d',
			'w1: /usr/lib/swarmlab/engine restart >/dev/null 2>&1',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'the container runs',
			async () => {
				const seen = await swarm.machine('w1').run("docker inspect -f '{{.State.Status}} {{.State.Error}}' back");
				return seen.startsWith('running') ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 60},
		);
		t.pass();
	},
);
