/**
 * moby/moby#40989 “Node LB not deleted after container exits itself (cause IP overlapping)”, reported
 * for 18.09 and 19.03. Mended by 0d9b0ed678 (moby PR 42432, in 23.0.0), for 20.10 by 89edb68e89 (PR 42538, in 20.10.8).
 */
import {scenario} from 'swarmlab';

scenario(
	'a node gives back its balancer address on a network when the last task there has ended by itself',
	{
		issue: 'moby/moby#40989',
		expected: [{fails: '<20.10.8', because: 'mended by 89edb68e89 in 20.10.8'}],
		steps: [
			'm1: docker network create -d overlay --subnet 10.66.6.0/29 net0',
			'm1: docker service create -d --network net0 --name bb --restart-condition any --restart-max-attempts 1 --restart-delay 2s swarmlab/toolbox sleep 3',
			"m1: until [ $(docker service ps --format '{{.CurrentState}}' bb | grep -c Complete) = 2 ]; do sleep 1; done",
		],
	},
	async (t, swarm) => {
		// The file of a namespace stays up to a minute after the engine has given it up (moby libnetwork/osl: removeUnusedPaths), so
		// those that are mounted count.
		const look =
			"docker network inspect -f '{{range .Containers}}{{.Name}} {{end}}' net0; grep -o 'netns/lb_[^ ]*' /proc/mounts || true";
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
