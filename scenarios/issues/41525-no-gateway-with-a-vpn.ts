/**
 * moby/moby#41525, moby/moby#42598: with the routes of a VPN for all addresses, no subnet is free for docker_gwbridge. Mended by
 * moby PR 43360, in 20.10.15: only routes on a link count. That is what moby/moby#46615 is about.
 */
import {scenario} from 'swarmlab';

scenario(
	'docker_gwbridge is made on a node that has routes for all addresses',
	{
		issue: 'moby/moby#41525',
		expected: [{fails: '<20.10.15', because: 'mended by moby PR 43360 in 20.10.15'}],
		workers: 1,
		steps: [
			'm1: docker swarm leave --force; until docker network rm docker_gwbridge; do sleep 1; done',
			'm1: ip route add 0.0.0.0/1 via {w1} && ip route add 128.0.0.0/1 via {w1}',
			'm1: docker swarm init --advertise-addr {m1} >/dev/null',
			'm1: docker service create -d --name site -p 8080:80 swarmlab/web',
		],
	},
	async (t, swarm) => {
		await swarm.waitUntil(
			'docker_gwbridge is there, and the task runs',
			async () => {
				const seen = await swarm.manager.run(
					"docker network ls -qf name=docker_gwbridge; docker service ps --no-trunc --format '{{.CurrentState}} {{.Error}}' site",
				);
				return /^\w+\nRunning/.test(seen) ? {done: true, value: undefined} : {done: false, seen};
			},
			{limit: 60},
		);
		t.pass();
	},
);
