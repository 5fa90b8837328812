/**
 * moby/moby#49948, the twin of moby/moby#40989 on a swarm without an ingress network. Mended in 28.2.0 (56ad941564), and taken back
 * in 28.3.0 (83b2fc245d).
 */
import {scenario} from 'swarmlab';

scenario(
	'without an ingress network a node gives back its balancer address when the last task there has ended by itself',
	{
		issue: 'moby/moby#49948',
		expected: [
			{fails: '<28.2 || >=28.3', because: 'mended by 56ad941564 in 28.2.0, taken back by 83b2fc245d in 28.3.0'},
		],
		steps: [
			'm1: yes | docker network rm ingress',
			'm1: docker network create -d overlay --subnet 10.66.6.0/29 net0',
			'm1: docker service create -d --network net0 --name bb --restart-condition any --restart-max-attempts 1 --restart-delay 2s swarmlab/toolbox sleep 3',
			"m1: until [ $(docker service ps --format '{{.CurrentState}}' bb | grep -c Complete) = 2 ]; do sleep 1; done",
		],
	},
	async (t, swarm) => {
		const look = "docker network inspect -f '{{range .Containers}}{{.Name}} {{end}}' net0; ls /var/run/docker/netns";
		await swarm.waitUntil(
			'net0-endpoint and its namespace lb_* are gone',
			async () => {
				const seen = (await swarm.manager.run(look)).replaceAll(/\s+/g, ' ').trim();
				return /net0-endpoint|lb_/.test(seen) ? {done: false, seen} : {done: true, value: undefined};
			},
			{limit: 20},
		);
		t.pass();
	},
);
