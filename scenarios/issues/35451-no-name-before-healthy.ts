/**
 * moby/moby#35451, moby/moby#36737, moby/moby#41726: the name of a task is not there before its container is healthy, so a cluster
 * whose members wait for each other never begins. By design in all engines.
 */
import {scenario} from 'swarmlab';

scenario(
	'the name of a task is there while its container is starting',
	{
		issue: 'moby/moby#35451',
		expected: [{fails: '*', because: 'names are given only to healthy containers, by design'}],
		steps: [
			'm1: docker network create -d overlay n',
			'm1: docker service create -q --name c --network n --endpoint-mode dnsrr swarmlab/toolbox sleep 1d',
			'm1: docker service create -d --name x --network n --endpoint-mode dnsrr --health-cmd false --health-interval 5s --health-start-period 120s swarmlab/toolbox sleep 1d',
			"m1: until docker ps --filter label=com.docker.swarm.service.name=x --format '{{.Status}}' | grep -q 'health: starting'; do sleep 1; done",
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'tasks.x has an address',
			async () => {
				const seen = await swarm.manager.run(
					'docker exec $(docker ps -qf label=com.docker.swarm.service.name=c) dig +short +time=2 +tries=1 tasks.x. || true',
				);
				return /^\d/.test(seen) ? {done: true, value: undefined} : {done: false, seen: seen || 'no address'};
			},
			{limit: 20},
		);
		t.pass();
	},
);
